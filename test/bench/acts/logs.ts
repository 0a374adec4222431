/** Services with a logger each. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../support/until.ts'
import { type Act, peerOf } from '../act.ts'
import { nothing } from '../result.ts'
import { now, startMilliseconds } from '../stamps.ts'
import { pssBytes, Tree } from '../tree.ts'

const count = 180
/** What somebody gives back when nothing happens counts as given back. */
const settleMilliseconds = 8000

export const logs: readonly Act[] = [logsOf('logs', ''), logsOf('shared-logs', ', ours sharing one')]

/** @param group `shared-logs`: ours share one process; what the others do is the same. */
function logsOf(group: 'logs' | 'shared-logs', how: string): Act {
  const services = `${count} services with a logger each${how}`
  const ready = `${group}-up`
  return {
    group,
    rows: [
      { id: ready, title: `${services}: until all services are up and all logs are open`, unit: 'ms', better: 'less' },
      { id: `${group}-memory`, title: `${services}: memory (PSS) of supervisors and loggers`, unit: 'MB', better: 'less' },
    ],
    mostRounds: 3,
    lack: (column) => (column === 'limit' ? nothing : undefined),
    async open(stage) {
      return async (column) => {
        const tree = new Tree(peerOf(stage, column), join(stage.folder, column), stage.tools.service)
        try {
          if (group === 'shared-logs') tree.share()
          tree.fill(stage.quick ? 20 : count, { hasLogger: true })
          const begin = tree.start(2 * count + 1)
          await tree.stamps.atLeast(tree.names.length)
          await until('all logs are open', () => tree.names.every((name) => existsSync(join(tree.logFolder(name), 'current'))), undefined, startMilliseconds)
          const end = now()
          await pause(stage.quick ? 2000 : settleMilliseconds)
          return { [ready]: (end - begin) / 1e6, [`${group}-memory`]: pssBytes(tree.overhead()) / 1e6 }
        } finally {
          await tree.end()
        }
      }
    },
  }
}
