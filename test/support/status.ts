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

/** What of supervise/state.json the tests look at: docs/protocol.md. */
export interface Kept {
  state: string
  pid: number
  startTime: number
  bootId: string
  want: string
  paused: boolean
  exiting: boolean
  restarts: number
  since: string
  nextStart: string | null
  lastExit: { code?: number; signal?: string; unknown?: true; at: string } | null
  keepers: { pid: number; startTime: number }[]
}

/** Undefined while there is no complete one. It is written over in place: who reads meanwhile may see some of both. */
export function readRecord<Record = Kept>(dir: string): Record | undefined {
  try {
    const text = fs.readFileSync(recordFile(dir), 'latin1')
    return text.length === recordLength ? (JSON.parse(text) as Record) : undefined
  } catch {
    return undefined
  }
}

/** Writes what the last supervisor could have left. */
export function forgeRecord(dir: string, changes: Partial<Kept> & { version?: number }): void {
  const text = JSON.stringify({ ...readRecord(dir), ...changes })
  fs.writeFileSync(recordFile(dir), text.padEnd(recordLength - 1) + '\n')
}

const recordLength = 1024

function recordFile(dir: string): string {
  return join(dir, 'supervise', 'state.json')
}

/** Changes a status that is there. @param changed Unix time of its label, in milliseconds. */
export function forgeStatus(dir: string, { pid, changed }: { pid?: number; changed?: number }): void {
  const file = join(dir, 'supervise', 'status')
  const packed = fs.readFileSync(file)
  if (pid !== undefined) packed.writeUInt32LE(pid, 12)
  if (changed !== undefined) {
    packed.writeBigUInt64BE(2n ** 62n + 10n + BigInt(Math.floor(changed / 1000)))
    packed.writeUInt32BE(Math.floor(changed % 1000) * 1_000_000, 8)
  }
  fs.writeFileSync(file, packed)
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

/** What svok finds out: somebody listens, and the status is his. */
export function isSupervised(dir: string): boolean {
  const { O_WRONLY, O_NONBLOCK } = fs.constants
  try {
    fs.closeSync(fs.openSync(join(dir, 'supervise', 'ok'), O_WRONLY | O_NONBLOCK))
    return true
  } catch {
    return false
  }
}

/** The Unix time of a TAI64N label, `@` and 24 digits. */
export function labelSeconds(label: string): number {
  return Number(BigInt(`0x${label.slice(1, 17)}`) - 2n ** 62n) - 10 + Number(`0x${label.slice(17)}`) / 1e9
}
