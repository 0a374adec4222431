/** How fghack ends when its child has. */
export type Ending = { code: number } | { complaint: string; errno?: number }

const SIGCHLD = 17
const ECHILD = 10

/**
 * @param end The child's exit code, or the signal that killed it. @param ignoredSignals Those that we inherited as ignored: where SIGCHLD is
 * one of them, the kernel keeps no dead child for a C program to wait for.
 */
export function endingOf(end: { code: number } | { signal: number }, ignoredSignals: bigint): Ending {
  if ((ignoredSignals >> BigInt(SIGCHLD - 1)) & 1n) return { complaint: 'wait failed', errno: ECHILD }
  if ('signal' in end) return { complaint: 'child crashed' }
  return end
}
