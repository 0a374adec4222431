import { setTimeout as pause } from 'node:timers/promises'
import type { Act } from '../act.ts'
import { nothing } from '../result.ts'
import { median } from '../statistics.ts'
import { standing } from './standing.ts'

const id = 'link'
const services = 5

export const link: Act = {
  group: id,
  rows: [{
    id,
    title: 'from `ln -s` into the folder to the first act of the service',
    unit: 'ms',
    better: 'less',
    note: 'C and runit look every five seconds, and the links come at any time within them. s6 never looks: it is told, as by `s6-svscanctl -a`.',
  }],
  mostRounds: 5,
  lack: (column) => (column === 'limit' ? nothing : undefined),
  async open(stage) {
    const treeOf = standing(stage, 1, 1000)
    let round = 0
    return async (column) => {
      const tree = await treeOf(column)
      const names = Array.from({ length: services }, (_, index) => `r${++round}-${index}`)
      for (const name of names) tree.make(name)
      // Moments of a period, each as likely as the others; they must not follow from its own looks.
      const moments = names.map(() => Math.random() * (tree.peer.lookSeconds ?? 0.2) * 1000).sort((a, b) => a - b)
      const start = performance.now()
      const linked: { name: string; begin: number }[] = []
      for (const [index, name] of names.entries()) {
        await pause(Math.max(0, start + moments[index]! - performance.now()))
        linked.push({ name, begin: tree.link(name) })
      }
      const times: number[] = []
      for (const { name, begin } of linked) times.push((await tree.stamps.after(begin, 'start', name)).nanoseconds - begin)
      return { [id]: median(times) / 1e6 }
    }
  },
}
