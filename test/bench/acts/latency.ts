import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Act, peerOf } from '../act.ts'
import { median } from '../statistics.ts'

const id = 'latency'

export const latency: Act = {
  group: id,
  rows: [{ id, title: 'one line, from the write into the pipe until it is in `current`, with a label', unit: 'µs', better: 'less', limit: '`cat` into a file' }],
  lack: () => undefined,
  async open(stage) {
    return async (column) => {
      const folder = join(stage.folder, column)
      const file = join(folder, 'current')
      mkdirSync(folder)
      try {
        const argv = column === 'limit' ? ['/bin/sh', '-c', `exec cat >${file}`] : peerOf(stage, column).logger({ size: 99999, stamped: true }, folder)
        return { [id]: median(await stage.tools.timeLines(stage.quick ? 20 : 100, file, argv)) / 1000 }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  },
}
