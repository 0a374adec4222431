import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Told } from '../peer.ts'

/** The 18 bytes of daemontools 0.76. runit and encore write more behind the same. */
export function readClassic(dir: string): Told | undefined {
  const packed = readPacked(dir)
  if (packed === undefined || packed.length < 18) return undefined
  return { pid: packed.readUInt32LE(12), paused: packed[16] === 1, wantedUp: packed[17] === 'u'.charCodeAt(0) }
}

export function readPacked(dir: string): Buffer | undefined {
  try {
    return readFileSync(join(dir, 'supervise', 'status'))
  } catch {
    return undefined
  }
}
