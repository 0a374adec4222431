import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Act, noLimit, peerOf } from '../act.ts'
import type { ColumnName } from '../column.ts'
import { kill } from '../../support/process.ts'
import { now } from '../stamps.ts'
import { median } from '../statistics.ts'
import { Tree } from '../tree.ts'

const id = 'crash'
const services = 5

/** C, runit and s6 let a second pass between two starts. */
const ageMilliseconds = 1300

export const crash: Act = {
  group: id,
  rows: [{ id, title: 'from `kill -9` of a service that is older than a second to its next start', unit: 'ms', better: 'less' }],
  lack: (column) => (column === 'limit' ? noLimit : undefined),
  async open(stage, columns) {
    const trees = new Map<ColumnName, { tree: Tree; names: string[] }>()
    for (const column of columns) {
      const tree = new Tree(peerOf(stage, column), join(stage.folder, column), stage.tools.service)
      trees.set(column, { tree, names: tree.fill(services) })
      tree.start()
    }
    for (const { tree } of trees.values()) await tree.stamps.atLeast(services)
    return async (column) => {
      const { tree, names } = trees.get(column)!
      const times: number[] = []
      const youngest = Math.max(...tree.stamps.all().map(({ nanoseconds }) => nanoseconds))
      await pause(Math.max(0, youngest / 1e6 + ageMilliseconds - now() / 1e6))
      for (const name of names) {
        const pid = tree.pidOf(name)
        const begin = now()
        kill(pid)
        times.push((await tree.stamps.after(begin, 'start', name)).nanoseconds - begin)
      }
      return { [id]: median(times) / 1e6 }
    }
  },
}
