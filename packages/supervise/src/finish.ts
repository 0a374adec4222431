import type { Ending } from '@daemontools-ts/unix'

/** What s6 gives as the exit code of a run that a signal has killed. */
const killed = 256

/**
 * The arguments of finish, as s6 has them: the exit code, 256 if a signal killed it; that signal's number, else 0; the name of the
 * service. Nobody knows the end of a service that was taken up: 256 and 0.
 */
export function finishArguments(ending: Ending, dir: string): string[] {
  const name = dir.replace(/\/+$/, '')
  const [code, signal] = ending === 'unknown' ? [killed, 0] : 'code' in ending ? [ending.code, 0] : [killed, ending.signal]
  return [`${code}`, `${signal}`, name.slice(name.lastIndexOf('/') + 1)]
}
