import { getPosix } from './native.ts'

/** Makes this process the leader of a session and of a process group, without a terminal. Throws EPERM if it leads a group already. */
export function startSession(): void {
  getPosix().setsid()
}
