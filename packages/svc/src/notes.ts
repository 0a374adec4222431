import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import { fromUnix, type Tai64n } from '@daemontools-ts/tai64'
import type { Moment } from '@daemontools-ts/unix'

/** The optional files of a service directory of which svstat has something to tell. */
export const notedFiles = ['notification-fd', 'check', 'restart-delay', 'finish'] as const

export type NotedFile = (typeof notedFiles)[number]

/**
 * What follows svstat's sentence: what supervise/state.json says about the optional files that are there. Nothing, if it was not written
 * along with that status: somebody else's supervise may have been here since.
 */
export function notes(record: StateRecord, status: Status, files: readonly NotedFile[], { seconds, nanoseconds }: Moment): string {
  if (!sameTime(record.changed, status.changed) || pidOf(record) !== status.pid) return ''
  const now = fromUnix(seconds, nanoseconds)
  const has = (...names: NotedFile[]): boolean => names.some((name) => files.includes(name))
  const { phase, ready, nextStart } = record
  const wait = nextStart === undefined ? 0n : secondsUntil(nextStart, now)
  const all: [boolean, string][] = [
    [phase === 'up' && has('notification-fd', 'check'), ready === undefined ? ', not ready' : `, ready ${secondsSince(ready, now)} seconds`],
    [phase === 'finishing' && has('finish'), ', finishing'],
    [phase === 'down' && has('finish') && record.failed, ', failed'],
    [phase === 'down' && has('restart-delay') && wait > 0n, `, next start in ${wait} seconds`],
  ]
  return all.map(([holds, note]) => (holds ? note : '')).join('')
}

/** What the status says of the same state. */
function pidOf({ phase, process }: StateRecord): number {
  return phase === 'up' ? process?.pid ?? 0 : 0
}

function sameTime(one: Tai64n, other: Tai64n): boolean {
  return one.tai === other.tai && one.nanoseconds === other.nanoseconds
}

/** As svstat counts: the nanoseconds do not matter, and what is yet to come is now. */
function secondsSince(then: Tai64n, now: Tai64n): bigint {
  return now.tai > then.tai ? now.tai - then.tai : 0n
}

/** A second that has begun counts; what is past is now. */
function secondsUntil(then: Tai64n, now: Tai64n): bigint {
  return secondsSince(now, then) + (then.tai >= now.tai && then.nanoseconds > now.nanoseconds ? 1n : 0n)
}
