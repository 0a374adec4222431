/** The ends of our children: one wait for all of them, whoever started them. */
import { errno, getLibc } from './native.ts'
import { unblockSignals } from './signals.ts'

/** How a process ended: its exit code, or the number of the signal that killed it. */
export type End = { code: number } | { signal: number }

const listeners = new Map<number, (end: End) => void>()
let listening = false

/** Calls back once the child has ended and is reaped. Until then its pid is nobody else's. */
export function whenChildEnds(pid: number, onEnd: (end: End) => void): void {
  reapChildren()
  listeners.set(pid, onEnd)
}

/** Its end is told to nobody. It is reaped all the same. */
export function forgetChild(pid: number): void {
  listeners.delete(pid)
}

/** From now on every child that ends is reaped: those that nobody asked about too, as process 1 has to. */
export function reapChildren(): void {
  if (listening) return
  listening = true
  unblockSignals(['SIGCHLD'])
  process.on('SIGCHLD', reap)
  // Some may have ended before anybody listened.
  setImmediate(reap)
}

function reap(): void {
  const WNOHANG = 1
  const { waitpid } = getLibc()
  const status: [number] = [0]
  for (let pid; (pid = waitpid(-1, status, WNOHANG)) > 0; ) {
    const onEnd = listeners.get(pid)
    listeners.delete(pid)
    onEnd?.(endOf(status[0]))
  }
}

/** Waits for a child; nothing else happens in this process meanwhile. */
export function waitForChild(pid: number): End {
  const status: [number] = [0]
  const EINTR = 4
  while (getLibc().waitpid(pid, status, 0) === -1 && errno() === EINTR);
  return endOf(status[0])
}

/** Reads the status of wait(2). */
export function endOf(status: number): End {
  const signal = status & 0x7f
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal }
}
