import type { Act } from '../act.ts'
import { median } from '../statistics.ts'
import { standing } from './standing.ts'

const id = 'svc'

export const svc: Act = {
  group: id,
  rows: [{ id, title: 'from the start of `svc -h` until the program has caught HUP', unit: 'ms', better: 'less', limit: 'start and end of `true`' }],
  lack: () => undefined,
  async open(stage) {
    const treeOf = standing(stage, 1)
    const times = stage.quick ? 5 : 15
    return async (column) => {
      if (column === 'limit') return { [id]: median((await stage.tools.timeStarts(times, ['/usr/bin/true'])).map(({ begin, end }) => end - begin)) / 1e6 }
      const tree = await treeOf(column)
      const measured: number[] = []
      for (let time = 0; time < times; time++) {
        const [span] = await stage.tools.timeStarts(1, tree.peer.signal(tree.dir('s1')))
        measured.push((await tree.stamps.after(span!.begin, 'signal', 's1')).nanoseconds - span!.begin)
      }
      return { [id]: median(measured) / 1e6 }
    }
  },
}
