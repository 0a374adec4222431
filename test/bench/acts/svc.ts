import { join } from 'node:path'
import { type Act, peerOf } from '../act.ts'
import type { ColumnName } from '../column.ts'
import { median } from '../statistics.ts'
import { Tree } from '../tree.ts'

const id = 'svc'

export const svc: Act = {
  group: id,
  rows: [{ id, title: 'from the start of `svc -h` until the program has caught HUP', unit: 'ms', better: 'less', limit: 'start and end of `true`' }],
  lack: () => undefined,
  async open(stage, columns) {
    const trees = new Map<ColumnName, Tree>()
    const times = stage.quick ? 5 : 15
    for (const column of columns) {
      if (column === 'limit') continue
      const tree = new Tree(peerOf(stage, column), join(stage.folder, column), stage.tools.service)
      tree.fill(1)
      tree.start()
      trees.set(column, tree)
    }
    for (const tree of trees.values()) await tree.stamps.atLeast(1)
    return async (column) => {
      if (column === 'limit') return { [id]: median((await stage.tools.timeStarts(times, ['/usr/bin/true'])).map(({ begin, end }) => end - begin)) / 1e6 }
      const tree = trees.get(column)!
      const measured: number[] = []
      for (let time = 0; time < times; time++) {
        const [span] = await stage.tools.timeStarts(1, tree.peer.signal(tree.dir('s1')))
        measured.push((await tree.stamps.after(span!.begin, 'signal', 's1')).nanoseconds - span!.begin)
      }
      return { [id]: median(measured) / 1e6 }
    }
  },
}
