/** Processes that we watch: our children, and those that somebody before us has started. */
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { type End, forgetChild, whenChildEnds } from './children.ts'
import { onceReadable } from './epoll.ts'
import { errnoOf } from './errno.ts'
import { bindFunctions } from './native.ts'
import { findProcess, type Identity } from './process.ts'

/** How it ended; of a process that is not our child the kernel tells nobody but its parent. */
export type Ending = End | 'unknown'

/** A name, or a number for those that have none. */
export type Signal = NodeJS.Signals | number

export interface ProcessHandle extends Identity {
  /** Sends a signal to it, or to its process group if it leads one. What we may not send, or what comes too late, is not sent. */
  signal(signal: Signal, toGroup?: boolean): void
  /** Watches it no more. To be called before its end. */
  release(): void
}

/** @param pid A child that was just started. @param onEnd Called once. */
export function watchChild(pid: number, onEnd: (ending: Ending) => void): ProcessHandle {
  whenChildEnds(pid, onEnd)
  // It is not reaped, so its number is its own.
  const signal = (signal: Signal, toGroup?: boolean): void => send(() => process.kill(toGroup === true && isLeader(pid) ? -pid : pid, signal))
  return { pid, startTime: findProcess(pid)?.startTime ?? 0, signal, release: () => forgetChild(pid) }
}

/**
 * Takes up a process that was started by somebody else, or by what we were before we executed ourselves. Undefined if it is gone, or if
 * its number is another's by now.
 */
export function watchProcess(identity: Identity, onEnd: (ending: Ending) => void): ProcessHandle | undefined {
  const { pid } = identity
  const found = findProcess(pid)
  if (found?.startTime !== identity.startTime) return undefined
  if (found.parent === process.pid) return watchChild(pid, onEnd)
  const pidfd = openPidfd(pid)
  // Looked at again: what the descriptor stands for is the process that has the number now.
  const now = findProcess(pid)
  if (now?.startTime !== identity.startTime || now.isZombie) {
    if (pidfd !== undefined) fs.closeSync(pidfd)
    return undefined
  }
  const isSame = (): boolean => findProcess(pid)?.startTime === identity.startTime
  let release: () => void
  if (pidfd === undefined) {
    release = lookEachSecond(identity, () => onEnd('unknown'))
  } else {
    const forget = onceReadable(pidfd, () => {
      fs.closeSync(pidfd)
      onEnd('unknown')
    })
    release = () => (forget(), fs.closeSync(pidfd))
  }
  const signal = (signal: Signal, toGroup?: boolean): void => {
    if (toGroup === true && isLeader(pid)) send(() => isSame() && process.kill(-pid, signal))
    else if (pidfd === undefined) send(() => isSame() && process.kill(pid, signal))
    else getCalls().pidfd_send_signal(SYS_pidfd_send_signal, pidfd, typeof signal === 'string' ? constants.signals[signal] : signal, null, 0)
  }
  return { ...identity, signal, release }
}

/** Sends a signal to what is left of a group whose leader has ended. */
export function signalGroup(leader: Identity, signal: Signal): void {
  // While anybody is in the group its number is given to nobody: a process of that number is a later one, unless it is the leader, not reaped yet.
  const found = findProcess(leader.pid)
  send(() => (found === undefined || found.startTime === leader.startTime) && process.kill(-leader.pid, signal))
}

function isLeader(pid: number): boolean {
  return findProcess(pid)?.group === pid
}

function send(kill: () => void): void {
  try {
    kill()
  } catch (error) {
    // A setuid program may be out of our reach.
    if (errnoOf(error) === 0) throw error
  }
}

/** The same numbers on all architectures. */
const SYS_pidfd_send_signal = 424
const SYS_pidfd_open = 434

/** Undefined where the kernel has no such thing (before Linux 5.3), or a sandbox forbids it. */
function openPidfd(pid: number): number | undefined {
  const pidfd = getCalls().pidfd_open(SYS_pidfd_open, pid, 0)
  return pidfd === -1 ? undefined : pidfd
}

function lookEachSecond({ pid, startTime }: Identity, onEnd: () => void): () => void {
  const timer = setInterval(() => {
    const found = findProcess(pid)
    if (found?.startTime === startTime && !found.isZombie) return
    clearInterval(timer)
    onEnd()
  }, 1000)
  return () => clearInterval(timer)
}

interface Calls {
  pidfd_open(number: number, pid: number, flags: number): number
  pidfd_send_signal(number: number, pidfd: number, signal: number, info: null, flags: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    // Not every C library has functions for these.
    pidfd_open: 'long syscall(long number, int pid, unsigned int flags)',
    pidfd_send_signal: 'long syscall(long number, int pidfd, int signal, void *info, unsigned int flags)',
  }))
}
