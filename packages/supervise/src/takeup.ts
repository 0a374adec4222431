/** What a supervisor finds of the service when it starts, as pure functions: docs/protocol.md, "Taking up". */
import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import type { Tai64n } from '@daemontools-ts/tai64'
import type { Identity } from '@daemontools-ts/unix'
import { type Event, initialState, type State, statusOf, type Time } from './state.ts'

/** What the last supervisor left on disk, and what the kernel says of the processes that it names. */
export interface Traces {
  record: StateRecord | undefined
  status: Status | undefined
  bootId: string
  /** Whether that very process runs, as a zombie of ours perhaps. */
  isRunning(process: Identity): boolean
  /** The process that a status means, if it runs. */
  findByStatus(status: Status): Identity | undefined
}

export interface Takeup {
  state: State
  /** The process of the state, which is to be watched. */
  process?: Identity
  /** The one that has ended while nobody watched; some of its process group may be left. */
  gone?: Identity
  /** What has happened meanwhile, beside `begin`. */
  event?: Event
}

/**
 * The state in which the service is: as it was when its supervisor was killed; by the file `down` after a supervisor that left by intent,
 * or another boot.
 */
export function takeUp(traces: Traces, wantedUp: boolean, time: Time): Takeup {
  const { record, status, bootId, isRunning, findByStatus } = traces
  const fresh: Takeup = { state: initialState(wantedUp ? 'up' : 'down', time) }
  const ours = record !== undefined && record.bootId === bootId && record.phase !== 'left' ? record : undefined
  if (ours?.process !== undefined && isRunning(ours.process)) return { state: stateOf(ours), process: ours.process }
  // Somebody else's, if it is not what we would have written: a C supervise has been here after us, or alone.
  const isForeign = status !== undefined && (record === undefined || !sameStatus(status, statusOf(stateOf(record))))
  const process = isForeign && status.pid !== 0 ? findByStatus(status) : undefined
  if (isForeign && process !== undefined) return { state: { ...fresh.state, ...running(status, process), checkAt: time.monotonic }, process }
  if (ours === undefined || (isForeign && isLater(status.changed, ours.changed))) return fresh
  if (ours.process === undefined) return { state: stateOf(ours) }
  // It has ended while nobody watched.
  return { state: stateOf(ours), gone: ours.process, event: { type: 'exited', ending: 'unknown' } }
}

function running({ want, paused, changed }: Status, { pid }: Identity): Partial<State> {
  return { phase: 'up', pid, want, paused, changed, startDue: false }
}

/** The state that a record was written of. */
export function stateOf(record: StateRecord): State {
  const { want, paused, exiting, failed, changed, ready, restarts, lastExit, delay } = record
  const { started, notBefore, killAt } = record.monotonic
  return {
    ...{ want, paused, exiting, failed, changed, ready, restarts, lastExit, delay, started, notBefore, killAt },
    phase: record.phase === 'left' ? 'down' : record.phase,
    pid: record.process?.pid ?? 0,
    startDue: record.nextStart !== undefined,
    checkAt: record.phase === 'up' && ready === undefined ? started : undefined,
  }
}

/**
 * The record of a state.
 * @param startTime Of the state's process, in clock ticks since boot. @param leaving Nobody will supervise it from now on, by intent.
 */
export function recordOf(state: State, time: Time, surroundings: { startTime: number; bootId: string; keepers: readonly Identity[]; leaving: boolean }): StateRecord {
  const { want, paused, exiting, failed, changed, ready, restarts, lastExit, delay, started, notBefore, killAt } = state
  const { startTime, bootId, keepers, leaving } = surroundings
  return {
    ...{ want, paused, exiting, failed, changed, ready, restarts, lastExit, delay, bootId, keepers },
    phase: leaving ? 'left' : state.phase,
    process: state.pid === 0 ? undefined : { pid: state.pid, startTime },
    nextStart: state.startDue ? addMilliseconds(time.label, notBefore - time.monotonic) : undefined,
    monotonic: { started, notBefore, killAt },
  }
}

function addMilliseconds({ tai, nanoseconds }: Tai64n, milliseconds: number): Tai64n {
  const total = BigInt(nanoseconds) + BigInt(Math.round(Math.max(0, milliseconds) * 1e6))
  return { tai: tai + total / 1_000_000_000n, nanoseconds: Number(total % 1_000_000_000n) }
}

function sameStatus(one: Status, other: Status): boolean {
  return one.pid === other.pid && one.changed.tai === other.changed.tai && one.changed.nanoseconds === other.changed.nanoseconds
}

function isLater(one: Tai64n, other: Tai64n): boolean {
  return one.tai > other.tai || (one.tai === other.tai && one.nanoseconds > other.nanoseconds)
}
