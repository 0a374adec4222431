/** How much a logger can take in. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Act, peerOf } from '../act.ts'
import type { LogPlan } from '../peer.ts'
import { writeRequests } from '../requests.ts'

const small = 99999
const large = 16777215 // the most that multilog.c takes

export const logger: readonly Act[] = [
  loggerOf('raw', 'lines as they are, files of 99,999 bytes', { size: small }),
  loggerOf('large', 'lines as they are, files of 16 MB', { size: large }),
  loggerOf('t', 'lines with a label (`t`), files of 99,999 bytes', { size: small, stamped: true }),
  loggerOf('t-large', 'lines with a label (`t`), files of 16 MB', { size: large, stamped: true }),
  loggerOf('patterns', 'one line of two selected by a pattern, files of 16 MB', { size: large, word: 'POST' }),
]

function loggerOf(name: string, what: string, plan: LogPlan): Act {
  const id = `logger-${name}`
  return {
    group: 'logger',
    rows: [
      { id, title: `logger: ${what}`, unit: 'MB/s', better: 'more', limit: '`cat` into a file', ...(plan.size === small && { note: 'Each change of file waits for the disk.' }) },
      { id: `${id}-cpu`, title: `logger: ${what}: its processor time`, unit: 'ms per MB', better: 'less' },
    ],
    lack: () => undefined,
    async open(stage) {
      const file = join(stage.folder, 'lines')
      writeRequests(file, stage.quick ? 4_000_000 : 32_000_000)
      return async (column) => {
        const folder = join(stage.folder, column)
        mkdirSync(folder)
        try {
          const argv = column === 'limit' ? ['/bin/sh', '-c', `exec cat >${join(folder, 'current')}`] : peerOf(stage, column).logger(plan, folder)
          const { bytesPerSecond, secondsPerByte } = await stage.tools.feed(file, argv)
          return { [id]: bytesPerSecond / 1e6, [`${id}-cpu`]: secondsPerByte * 1e9 }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      }
    },
  }
}
