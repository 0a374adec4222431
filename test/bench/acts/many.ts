/** Many services that do nothing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Act, peerOf } from '../act.ts'
import { peers } from '../peers/index.ts'
import { pssBytes, Tree } from '../tree.ts'

/** C and runit look at the folder once in that time. */
const idleMilliseconds = 15_000

/** Of ours, one process holds this many descriptors for each service, and some more. */
const [descriptorsEach, descriptorsBeside] = [4, 200]

export const many: readonly Act[] = [manyOf(100), manyOf(1000), { ...manyOf(5000), large: true }]

/** At most so many as the hard limit on open files has room for: not even root may raise it everywhere. */
function fitting(count: number): number {
  const hard = Number(/^Max open files +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1])
  const most = Math.floor((hard - descriptorsBeside) / descriptorsEach / 100) * 100
  return most < count ? most : count
}

function manyOf(wanted: number): Act {
  const group = `many-${wanted}`
  const count = fitting(wanted)
  const up = `${group}-up`
  const memory = `${group}-memory`
  const idle = `${group}-idle`
  const services = `${count.toLocaleString('en')} services`
  return {
    group,
    rows: [
      { id: up, title: `${services}: from the start of the supervisor until all are up`, unit: 'ms', better: 'less', limit: `\`true\`, ${count.toLocaleString('en')} times` },
      { id: memory, title: `${services}: memory (PSS) of all that supervises`, unit: 'MB', better: 'less' },
      { id: idle, title: `${services}: processor time while nothing happens`, unit: 'ms a second', better: 'less' },
    ],
    mostRounds: 3,
    lack(column) {
      const most = column === 'limit' ? undefined : peers[column].mostServices
      return most !== undefined && most < count ? `it has at most ${most.toLocaleString('en')} services` : undefined
    },
    async open(stage) {
      return async (column): Promise<Record<string, number>> => {
        if (column === 'limit') {
          const spans = await stage.tools.timeStarts(count, ['/usr/bin/true'])
          return { [up]: (spans.at(-1)!.end - spans[0]!.begin) / 1e6 }
        }
        const tree = new Tree(peerOf(stage, column), join(stage.folder, column), stage.tools.service)
        try {
          tree.fill(count)
          const begin = tree.start()
          const stamps = await tree.stamps.atLeast(count)
          const end = Math.max(...stamps.map(({ nanoseconds }) => nanoseconds))
          await pause(stage.quick ? 2000 : 2000 + ((end - begin) / 1e6) * (tree.peer.restFactor ?? 0)) // the periodic looks are in what idleness costs
          const pids = tree.overhead()
          const before = await stage.tools.processorNanoseconds(pids)
          const then = performance.now()
          await pause(stage.quick ? 1000 : idleMilliseconds)
          const used = ((await stage.tools.processorNanoseconds(pids)) - before) / 1e6
          const seconds = (performance.now() - then) / 1000
          return { [up]: (end - begin) / 1e6, [idle]: used / seconds, [memory]: pssBytes(pids) / 1e6 }
        } finally {
          await tree.end()
        }
      }
    },
  }
}
