/** What supervise tells of a service directory, and the letters that it obeys. */
import * as fs from 'node:fs'
import { parseRecord, type StateRecord, type Status, unpackStatus } from '@daemontools-ts/servicedir'
import { bytes, errnoOf, openFile, readWhole } from '@daemontools-ts/unix'

export interface Supervision {
  /** Somebody listens. */
  supervised: boolean
  status: Status | undefined
  /** Only our supervise writes one. */
  record: StateRecord | undefined
  /** Why it is not started again: cause, ` - `, cure. */
  reason: string | undefined
}

const absent = [2, 6, 20] // ENOENT, ENXIO: nobody has it open, ENOTDIR

/** Throws the system's refusal: only root may look, or whoever installed it. */
export function readSupervision(directory: string): Supervision {
  const read = (name: string): string | undefined => unlessAbsent(() => readWhole(`${directory}/supervise/${name}`))
  const status = read('status')
  return {
    supervised: unlessAbsent(() => fs.closeSync(openFile(`${directory}/supervise/ok`, 'write')) === undefined) ?? false,
    status: status === undefined ? undefined : unpackStatus(bytes(status)),
    record: parseRecord(read('state.json') ?? ''),
    reason: read('reason')?.trimEnd() || undefined,
  }
}

/** Writes a letter into the control FIFO. Throws the system's refusal, ENXIO if nobody supervises. */
export function command(directory: string, letter: string): void {
  const fd = openFile(`${directory}/supervise/control`, 'write')
  try {
    fs.writeSync(fd, letter)
  } finally {
    fs.closeSync(fd)
  }
}

function unlessAbsent<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (absent.includes(errnoOf(error))) return undefined
    throw error
  }
}
