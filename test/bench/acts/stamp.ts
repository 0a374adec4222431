/** How many lines tai64n stamps in a second, and how many stamps tai64nlocal reads. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Act, peerOf } from '../act.ts'
import type { Peer } from '../peer.ts'
import { peers } from '../peers/index.ts'
import { writeRequests } from '../requests.ts'

/** 2023, a line every 10 milliseconds. */
const label = (index: number): string => `@40000000${(0x65000000 + Math.floor(index / 100)).toString(16)}${((index % 100) * 10_000_000).toString(16).padStart(8, '0')} `

export const stamp: readonly Act[] = [stampOf('tai64n', undefined), stampOf('tai64nlocal', label)]

function stampOf(name: 'tai64n' | 'tai64nlocal', label: ((index: number) => string) | undefined): Act {
  const argv = (peer: Peer): readonly string[] | undefined => peer[name]
  return {
    group: 'stamp',
    rows: [
      { id: name, title: `\`${name}\``, unit: 'thousand lines/s', better: 'more', limit: '`cat`' },
      { id: `${name}-cpu`, title: `\`${name}\`: its processor time`, unit: 'µs a line', better: 'less' },
    ],
    lack: (column) => (column === 'limit' || argv(peers[column]) !== undefined ? undefined : 'it has no such program'),
    async open(stage) {
      const file = join(stage.folder, 'lines')
      const lines = writeRequests(file, stage.quick ? 4_000_000 : 32_000_000, label)
      const { size } = statSync(file)
      return async (column) => {
        const { bytesPerSecond, secondsPerByte } = await stage.tools.feed(file, column === 'limit' ? ['/bin/cat'] : argv(peerOf(stage, column))!)
        return { [name]: ((bytesPerSecond / size) * lines) / 1000, [`${name}-cpu`]: ((secondsPerByte * size) / lines) * 1e6 }
      }
    },
  }
}
