import { constants } from 'node:os'
import { inherited } from './inherited.ts'
import { getLibc } from './native.ts'

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGXFSZ', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const

/**
 * Undoes what the runtime has done to signals that are not `ours`: those that we inherited as ignored are ignored again, the others get
 * their default action. Ours are let through, whatever our caller has blocked. Without this SIGUSR1 would open the runtime's debugger, for everybody on this machine, and a closed pipe
 * would be an error where it ends a C program.
 */
export function restoreSignals(ours: readonly (typeof signals)[number][]): void {
  unblockSignals(ours)
  const listener = (): void => undefined
  for (const name of signals) {
    if (ours.includes(name)) continue
    process.on(name, listener)
    const ignored = (inherited().ignoredSignals >> BigInt(constants.signals[name] - 1)) & 1n
    // libuv gives a signal its default action when the last listener has gone.
    if (!ignored) process.off(name, listener)
  }
}

/** As C's sig_unblock() does for what a program waits for: not every runtime lets through what was blocked when it started. */
export function unblockSignals(names: readonly NodeJS.Signals[]): void {
  if (names.length === 0) return // and nothing is loaded for it
  const SIG_UNBLOCK = 1
  const set = Buffer.alloc(128) // sigset_t in glibc and musl
  for (const number of names.map((name) => constants.signals[name] - 1)) set[number >> 3]! |= 1 << (number & 7)
  getLibc().sigprocmask(SIG_UNBLOCK, set, null)
}

/** `SIGTERM` for 15; its number for one that has no name. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `${number}`
}

/** 15 for `SIGTERM`, `TERM`, `term` and `15`; undefined if there is no such signal. */
export function signalNumber(word: string): number | undefined {
  const most = 64
  if (/^\d{1,2}$/.test(word)) return Number(word) > 0 && Number(word) <= most ? Number(word) : undefined
  const name = word.toUpperCase()
  const signals: Partial<Record<string, number>> = constants.signals
  return signals[name.startsWith('SIG') ? name : `SIG${name}`]
}
