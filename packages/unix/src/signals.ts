import { constants } from 'node:os'
import { inherited } from './inherited.ts'

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGXFSZ', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const

/**
 * Undoes what the runtime has done to signals that are not `ours`: those that we inherited as ignored are ignored again, the others get
 * their default action. Without this SIGUSR1 would open the runtime's debugger, for everybody on this machine, and a closed pipe
 * would be an error where it ends a C program.
 */
export function restoreSignals(ours: readonly (typeof signals)[number][]): void {
  const listener = (): void => undefined
  for (const name of signals) {
    if (ours.includes(name)) continue
    process.on(name, listener)
    const ignored = (inherited().ignoredSignals >> BigInt(constants.signals[name] - 1)) & 1n
    // libuv gives a signal its default action when the last listener has gone.
    if (!ignored) process.off(name, listener)
  }
}
