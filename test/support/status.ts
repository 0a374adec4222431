/** What a service directory tells from outside: supervise/status, read without any of the code under test. */
import * as fs from 'node:fs'
import { join } from 'node:path'

export interface Seen {
  pid: number
  paused: number
  /** `u`, `d`, or NUL for once. */
  want: string
  /** Bytes 0–11. */
  label: string
}

/** Undefined while there is no complete status. */
export function readStatus(dir: string): Seen | undefined {
  try {
    const packed = fs.readFileSync(join(dir, 'supervise', 'status'))
    if (packed.length !== 18) return undefined
    return { pid: packed.readUInt32LE(12), paused: packed[16]!, want: String.fromCharCode(packed[17]!), label: packed.toString('hex', 0, 12) }
  } catch {
    return undefined
  }
}

/** A line of svstat without what differs from run to run. */
export function normalize(sentence: string): string {
  return sentence.replace(/pid \d+/g, 'pid N').replace(/\d+ seconds/g, 'S seconds')
}

/** Writes bytes into supervise/control as `echo -n` would. Fails where nobody listens. */
export function writeControl(dir: string, bytes: string | Buffer): void {
  const { O_WRONLY, O_NONBLOCK } = fs.constants
  const fd = fs.openSync(join(dir, 'supervise', 'control'), O_WRONLY | O_NONBLOCK)
  try {
    fs.writeSync(fd, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  } finally {
    fs.closeSync(fd)
  }
}

/** Whether somebody listens: what svok finds out. */
export function isSupervised(dir: string): boolean {
  try {
    writeControl(dir, '')
    return true
  } catch {
    return false
  }
}
