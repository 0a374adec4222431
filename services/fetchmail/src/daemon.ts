/** The fetchmail process of a service: what it is doing, by what it does with signals. */
import * as fs from 'node:fs'

/**
 * sleeping: USR1 wakes it, and TERM harms nothing. polling: USR1 is lost, and TERM makes it fetch again what it has fetched; in IDLE it looks
 * the same. starting: USR1 would end it. other: that is not fetchmail, but run before it becomes it, say.
 */
export type Doing = 'sleeping' | 'polling' | 'starting' | 'other'

/** SIGUSR1 on Linux; the masks of proc(5) count from 1. */
const usr1 = 1n << 9n

/** Undefined if there is no such process. */
export function whatDoes(pid: number): Doing | undefined {
  const status = readProc(pid, 'status')
  if (pid === 0 || status === undefined) return undefined
  return doing(readProc(pid, 'comm')?.trimEnd() ?? '', status)
}

/** @param status The text of /proc/PID/status. */
export function doing(name: string, status: string): Doing {
  if (name !== 'fetchmail') return 'other'
  const has = (mask: string): boolean => (BigInt('0x' + (new RegExp(`^${mask}:\\s*([0-9a-f]+)`, 'm').exec(status)?.[1] ?? '0')) & usr1) !== 0n
  return has('SigCgt') ? 'sleeping' : has('SigIgn') ? 'polling' : 'starting'
}

/** Numbers of the processes that are fetchmail. */
export function findFetchmails(): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.filter((pid) => readProc(pid, 'comm') === 'fetchmail\n')
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return undefined
  }
}
