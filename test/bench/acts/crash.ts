import { setTimeout as pause } from 'node:timers/promises'
import { kill } from '../../support/process.ts'
import type { Act } from '../act.ts'
import { nothing } from '../result.ts'
import { now } from '../stamps.ts'
import { median } from '../statistics.ts'
import { standing } from './standing.ts'

const id = 'crash'
const services = 5

/** C and runit let a second pass between two starts. */
const ageMilliseconds = 1300

export const crash: Act = {
  group: id,
  rows: [{ id, title: 'from `kill -9` of a service that is older than a second to its next start', unit: 'ms', better: 'less', note: 's6 lets a second pass after each end, C and runit after each start.' }],
  lack: (column) => (column === 'limit' ? nothing : undefined),
  async open(stage) {
    const treeOf = standing(stage, services)
    return async (column) => {
      const tree = await treeOf(column)
      const times: number[] = []
      const youngest = Math.max(...tree.stamps.all().map(({ nanoseconds }) => nanoseconds))
      await pause(Math.max(0, youngest / 1e6 + ageMilliseconds - now() / 1e6))
      for (const name of tree.names) {
        const pid = tree.pidOf(name)
        const begin = now()
        kill(pid)
        times.push((await tree.stamps.after(begin, 'start', name)).nanoseconds - begin)
      }
      return { [id]: median(times) / 1e6 }
    }
  },
}
