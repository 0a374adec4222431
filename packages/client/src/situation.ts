/** What follows from the facts about a service, for the rules of the diagnosis and for whoever shows it. Times in milliseconds. */
import type { Want } from '@daemontools-ts/servicedir'
import type { Ending } from '@daemontools-ts/unix'
import type { Facts } from './facts.ts'
import { millisecondsOf } from './moment.ts'

/** A run that is shorter was in vain. */
export const shortRunMilliseconds = 10_000
/** How many ends in the last minute are too many. */
export const manyEnds = 3

/**
 * `missing`: there is no such directory. `unknown`: it may not be looked at. `unsupervised`: nobody supervises it. `failed`: finish has said that
 * it would end again. `waiting`: down, to be started by itself. `starting`: up, and not ready yet, though it can tell. `stopping`: up, asked to end.
 */
export type State = 'missing' | 'unknown' | 'unsupervised' | 'failed' | 'finishing' | 'waiting' | 'down' | 'paused' | 'stopping' | 'starting' | 'ready' | 'up'

export function stateOf(facts: Facts): State {
  const { presence, supervision, status, record } = facts
  if (presence === 'denied' || supervision === 'denied') return 'unknown'
  if (presence !== 'directory') return 'missing'
  if (supervision !== 'running') return 'unsupervised'
  if (status === undefined) return 'unknown'
  if (record?.phase === 'finishing') return 'finishing'
  if (status.pid === 0 || isOver(facts)) return record?.failed === true ? 'failed' : status.want === 'up' || record?.nextStart !== undefined ? 'waiting' : 'down'
  if (status.paused) return 'paused'
  if (status.want === 'down') return 'stopping'
  return !canBeReady(facts) ? 'up' : record?.ready === undefined ? 'starting' : 'ready'
}

/** It can tell when it is ready, and its supervisor listens. */
export function canBeReady({ files, record }: Facts): boolean {
  return record !== undefined && (files.has('notification-fd') || files.has('check'))
}

/** run is running. Without a supervisor this is what the last one has said. */
export function isUp(facts: Facts): boolean {
  return facts.status !== undefined && facts.status.pid !== 0 && !isOver(facts)
}

/** Its process has ended, and its supervisor has not seen to it yet: supervise.c sleeps for a second after each start. */
export function isOver({ processState }: Facts): boolean {
  return processState === 'Z' || processState === 'X'
}

export function wantOf({ status, record }: Facts): Want | undefined {
  return record?.want ?? status?.want
}

/** How long it has been up, or down. */
export function age({ status, now }: Facts): number {
  return status === undefined ? 0 : Math.max(0, now - millisecondsOf(status.changed))
}

export function lastExitOf({ record, now }: Facts): { ending: Ending; ago: number } | undefined {
  return record?.lastExit === undefined ? undefined : { ending: record.lastExit.ending, ago: Math.max(0, now - millisecondsOf(record.lastExit.at)) }
}

/** How long until it is started by itself, undefined if it is not to be. */
export function untilStart({ record, now }: Facts): number | undefined {
  return record?.nextStart === undefined ? undefined : Math.max(0, millisecondsOf(record.nextStart) - now)
}

/** How long the last run took that has ended, where the record tells. */
export function lastRun(facts: Facts): number | undefined {
  const { record, monotonic, bootId } = facts
  if (record === undefined || record.bootId !== bootId || record.lastExit === undefined || isUp(facts)) return undefined
  return Math.max(0, monotonic - lastExitOf(facts)!.ago - record.monotonic.started)
}

/**
 * Whether it ends again and again. A supervisor that keeps a record tells of one end and how many there were; the tally (max-death-tally) of
 * more; a C supervise of none, but whoever watches for some seconds sees it start.
 */
export function isLooping(facts: Facts): boolean {
  const { record, recentEnds, startsSeen } = facts
  if (wantOf(facts) !== 'up') return false
  if ((startsSeen ?? 0) >= 2) return true
  if ((recentEnds ?? 0) >= manyEnds && age(facts) < shortRunMilliseconds) return true
  if (record === undefined) return false
  return !isUp(facts) && record.restarts >= 2 && (lastRun(facts) ?? Infinity) < shortRunMilliseconds
}

/** Whether watching it for some seconds could tell more: it has started or ended just now. */
export function isUnclear(facts: Facts): boolean {
  const { supervision, record, recentEnds } = facts
  if (supervision !== 'running' || isLooping(facts) || wantOf(facts) !== 'up' || age(facts) >= shortRunMilliseconds) return false
  return record === undefined ? age(facts) < 2500 : record.restarts >= 1 && recentEnds === undefined
}
