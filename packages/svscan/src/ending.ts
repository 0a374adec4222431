import { exitCode } from '@daemontools-ts/command'
import type { Ending } from '@daemontools-ts/unix'

/** The exit code of svscan when an essential service has ended so: the service's own; as in a shell, 128 and the signal that killed it. */
export function exitCodeOf(ending: Ending): number {
  if (ending === 'unknown') return exitCode.refused
  return 'code' in ending ? ending.code : 128 + ending.signal
}
