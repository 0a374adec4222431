/** Whether a process is the one that somebody wrote down. */
import type { Status } from '@daemontools-ts/servicedir'
import { toUnix } from '@daemontools-ts/tai64'
import { findProcess, type Identity, startedAt } from '@daemontools-ts/unix'

/** How far the start of a process may be from the label of its status: supervise.c reads the clock right after it forks. */
const toleranceMilliseconds = 1500

/** Whether that very process runs. A zombie counts if it is our child: then we are told how it ended. */
export function isRunning({ pid, startTime }: Identity): boolean {
  const found = findProcess(pid)
  return found?.startTime === startTime && (!found.isZombie || found.parent === process.pid)
}

/** The process that a status of 18 bytes means, if it runs: a number is not enough, it has to have started at that time. */
export function findByStatus({ pid, changed }: Status): Identity | undefined {
  const found = findProcess(pid)
  if (found === undefined || found.isZombie) return undefined
  const label = toUnix(changed) * 1000 + changed.nanoseconds / 1e6
  return Math.abs(startedAt(found) - label) <= toleranceMilliseconds ? { pid, startTime: found.startTime } : undefined
}
