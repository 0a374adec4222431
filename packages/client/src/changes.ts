/** What has happened between two looks at a service, as a pure function. */
import type { Want } from '@daemontools-ts/servicedir'
import type { Facts } from './facts.ts'
import { millisecondsOf } from './moment.ts'
import { type Exit, exitOf } from './service.ts'
import { isUp, wantOf } from './situation.ts'

/** A change of a service. `at` is when it happened, where the service's files say so, else when it was seen. */
export type ServiceEvent = { at: Date; name: string; path: string } & (
  | { event: 'supervised' | 'unsupervised' | 'removed' | 'ready' | 'paused' | 'continued' | 'finishing' | 'failed' }
  | { event: 'started'; pid: number }
  /** `exit` as far as its supervisor tells; `missed`: so many more ends before it were too quick to be seen. */
  | { event: 'ended'; exit: Exit; missed: number }
  | { event: 'wanted'; want: Want }
)

type Told = ServiceEvent extends infer Each ? (Each extends ServiceEvent ? Omit<Each, 'name' | 'path'> : never) : never

/**
 * In the order in which they happened.
 * @param before undefined: it was not known. @param after undefined: it is gone.
 */
export function changesBetween(before: Facts | undefined, after: Facts | undefined): ServiceEvent[] {
  const { name, path } = (after ?? before)!
  const now = new Date((after ?? before)!.now)
  const told = after === undefined ? [{ at: now, event: 'removed' } as const] : changes(before, after, now)
  return told.map(({ at, ...event }) => ({ at, name, path, ...event }) as ServiceEvent)
}

function changes(before: Facts | undefined, after: Facts, now: Date): Told[] {
  const found: Told[] = []
  const [was, is] = [before?.supervision === 'running', after.supervision === 'running']
  if (was !== is) found.push({ at: now, event: is ? 'supervised' : 'unsupervised' })
  if (before === undefined || after.status === undefined) return found
  const since = new Date(millisecondsOf(after.status.changed))
  const [oldStart, start] = [startOf(before), startOf(after)]
  found.push(...ends(before, after, since, oldStart !== undefined && oldStart !== start))
  if (start !== undefined && start !== oldStart) found.push({ at: since, event: 'started', pid: after.status.pid })
  const ready = after.record?.ready
  if (ready !== undefined && (before.record?.ready === undefined || start !== oldStart)) found.push({ at: new Date(millisecondsOf(ready)), event: 'ready' })
  if (after.record?.phase === 'finishing' && before.record?.phase !== 'finishing') found.push({ at: now, event: 'finishing' })
  if (after.record?.failed === true && before.record?.failed !== true) found.push({ at: now, event: 'failed' })
  const want = wantOf(after)
  if (want !== undefined && want !== wantOf(before)) found.push({ at: now, event: 'wanted', want })
  if (start === oldStart && after.status.paused !== (before.status?.paused ?? false)) found.push({ at: now, event: after.status.paused ? 'paused' : 'continued' })
  return found
}

/** The last end, if it is a new one: by the record, or because another process runs, or none. */
function ends(before: Facts, after: Facts, since: Date, isOver: boolean): Told[] {
  const exit = after.record?.lastExit
  if (exit === undefined) return isOver ? [{ at: since, event: 'ended', exit: { unknown: true }, missed: 0 }] : []
  const at = millisecondsOf(exit.at)
  const last = before.record?.lastExit
  if (last !== undefined && millisecondsOf(last.at) === at) return []
  const missed = Math.max(0, after.record!.restarts - (before.record?.restarts ?? after.record!.restarts) - 1)
  return [{ at: new Date(at), event: 'ended', exit: exitOf(exit.ending), missed }]
}

/** What a look alone tells of the past. */
export function historyOf(facts: Facts): ServiceEvent[] {
  const { name, path, status, record } = facts
  const past: Told[] = []
  if (record?.lastExit !== undefined) past.push({ at: new Date(millisecondsOf(record.lastExit.at)), event: 'ended', exit: exitOf(record.lastExit.ending), missed: 0 })
  if (status !== undefined && isUp(facts)) past.push({ at: new Date(millisecondsOf(status.changed)), event: 'started', pid: status.pid })
  if (record?.ready !== undefined) past.push({ at: new Date(millisecondsOf(record.ready)), event: 'ready' })
  return past.map(({ at, ...event }) => ({ at, name, path, ...event }) as ServiceEvent)
}

function startOf({ status }: Facts): string | undefined {
  return status === undefined || status.pid === 0 ? undefined : `${status.pid} ${status.changed.tai} ${status.changed.nanoseconds}`
}
