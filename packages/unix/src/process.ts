import * as fs from 'node:fs'

/** A process that cannot be taken for another that gets its number later. */
export interface Identity {
  pid: number
  /** When it started, in clock ticks since boot: field 22 of proc(5)'s stat. */
  startTime: number
}

export interface Process extends Identity {
  parent: number
  /** The number of its process group. */
  group: number
  /** It has ended, and waits to be reaped. */
  isZombie: boolean
  /** STOP, or a terminal, has halted it. */
  isStopped: boolean
}

/** The process of that number, undefined if there is none. */
export function findProcess(pid: number): Process | undefined {
  try {
    const fields = statFields(pid)
    const [state, parent, group] = fields
    return { pid, startTime: Number(fields[22 - 3]), parent: Number(parent), group: Number(group), isZombie: state === 'Z' || state === 'X', isStopped: state === 'T' }
  } catch {
    return undefined
  }
}

/** Where the kernel looks for the command line of this process: fields 48 and 49 of proc(5)'s stat. Throws if it does not tell. */
export function argumentMemory(): [start: number, end: number] {
  const fields = statFields('self')
  const [start, end] = [Number(fields[48 - 3]), Number(fields[49 - 3])]
  if (!(start > 0 && end > start)) throw new Error('the kernel does not tell')
  return [start, end]
}

/** Of proc(5)'s stat, from the third field on. */
function statFields(pid: number | 'self'): string[] {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The second field is the name, in parentheses, and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Names the time since this machine was started: process numbers and start times of another one mean nothing. */
export function bootId(): string {
  return (bootIdentity ??= fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())
}

let bootIdentity: string | undefined

/** When a process started, in milliseconds of Unix time, by the clock as it is now; the kernel counts in hundredths of a second. */
export function startedAt({ startTime }: Identity): number {
  const ticksPerSecond = 100 // USER_HZ, on every architecture that Node runs on
  const secondsSinceBoot = Number(fs.readFileSync('/proc/uptime', 'latin1').split(' ')[0])
  return Date.now() - (secondsSinceBoot - startTime / ticksPerSecond) * 1000
}

/** The directory that a process works in, as device and inode; undefined if that may not be seen. */
export function workingDirectory(pid: number): string | undefined {
  try {
    const { dev, ino } = fs.statSync(`/proc/${pid}/cwd`, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}
