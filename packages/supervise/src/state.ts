/**
 * The state machine of one service, as a pure function. supervise.c fused it with its system calls; the loop around it is in supervisor.ts.
 *
 * A service is `down`, `up` (run runs) or `finishing` (run has ended, its finish runs). While it is down, a start may be due: at once, or
 * at `notBefore`. Once `exiting`, it leaves for good when it is next down. What the optional files of the directory ask for is the policy;
 * by default it is that of daemontools 0.76.
 */
import type { Letter, Policy, Status, Want } from '@daemontools-ts/servicedir'
import { controls } from '@daemontools-ts/servicedir'
import type { Tai64n } from '@daemontools-ts/tai64'
import type { Ending, Signal } from '@daemontools-ts/unix'
import { nextStart, paceMilliseconds } from './pace.ts'

export interface State {
  phase: 'down' | 'up' | 'finishing'
  /** Of run or finish; 0 while down. */
  pid: number
  want: Want
  paused: boolean
  /** `x` was received: leave as soon as it is down. Nothing takes it back. */
  exiting: boolean
  /** finish has said that run would end again. */
  failed: boolean
  /** When run last started or ended. */
  changed: Tai64n
  /** When run said that it is ready; undefined while it has not. */
  ready: Tai64n | undefined
  /** How often run was started again by itself. */
  restarts: number
  lastExit: { ending: Ending; at: Tai64n } | undefined
  /** Not up, and to be started when it is down and `notBefore` has come. */
  startDue: boolean
  /** Milliseconds, as are the next four, the last three moments of the monotonic clock. 0: no delay has grown. */
  delay: number
  started: number
  notBefore: number
  /** When the process is to be killed; undefined: it has its time. */
  killAt: number | undefined
  /** When `check` is next to be run; undefined: it runs, or is not needed. */
  checkAt: number | undefined
}

export type Event =
  | { type: 'begin' }
  | { type: 'letter'; letter: Letter }
  | { type: 'started'; pid: number }
  | { type: 'startFailed' }
  /** finish could not be forked, or there is none any more. */
  | { type: 'finishFailed' }
  | { type: 'finishStarted'; pid: number }
  /** The process of the phase has ended. */
  | { type: 'exited'; ending: Ending }
  /** It wrote a newline to its notification-fd. */
  | { type: 'notified' }
  | { type: 'checked'; ok: boolean }
  /** Its supervisor cannot wait any longer. */
  | { type: 'overdue' }
  /** The time asked for by the effect `wake` has come. */
  | { type: 'tick' }

export type Effect =
  | { type: 'publish' }
  | { type: 'start' }
  /** Run finish with what is known of the end of run. */
  | { type: 'finish'; ending: Ending }
  | { type: 'check' }
  | { type: 'signal'; signal: Signal }
  /** Add the end to supervise/death_tally. */
  | { type: 'tally'; ending: Ending }
  /** Tell me `tick` at this time of the monotonic clock, in milliseconds. */
  | { type: 'wake'; at: number }
  /** It has ended and stays down, of itself, not because somebody took it down. */
  | { type: 'final'; ending: Ending }
  | { type: 'leave' }

export interface Step {
  state: State
  effects: Effect[]
}

/** The circumstances of an event: its time on two clocks, the label for the status and milliseconds that nobody can set back, and a dice. */
export interface Time {
  label: Tai64n
  monotonic: number
  /** From 0 to 1. */
  random: number
}

/** supervise.c: "unable to fork, sleeping 60 seconds". */
export const forkRetryMilliseconds = 60_000
/** Between two runs of check. */
export const checkMilliseconds = 1000
/** The exit code of finish that means: do not start it again (s6-supervise). */
const permanentFailure = 125

export function initialState(want: 'up' | 'down', time: Time): State {
  return {
    ...{ phase: 'down', pid: 0, want, paused: false, exiting: false, failed: false, changed: time.label, ready: undefined },
    ...{ restarts: 0, lastExit: undefined, startDue: want === 'up', delay: 0 },
    ...{ started: 0, notBefore: time.monotonic, killAt: undefined, checkAt: undefined },
  }
}

/** What happens next, and what is to be done about it, in order. */
export function step(state: State, event: Event, time: Time, policy: Policy): Step {
  const { state: after, effects } = react(state, event, time, policy)
  const wake = effects.some(({ type }) => type === 'start' || type === 'leave') ? undefined : nextWake(after)
  return { state: after, effects: wake === undefined ? effects : [...effects, { type: 'wake', at: wake }] }
}

/** The next moment at which something happens by itself. */
function nextWake({ phase, startDue, notBefore, killAt, checkAt }: State): number | undefined {
  const moments = [phase === 'down' && startDue ? notBefore : undefined, killAt, checkAt].filter((moment) => moment !== undefined)
  return moments.length === 0 ? undefined : Math.min(...moments)
}

export function statusOf(state: State): Status {
  return { changed: state.changed, pid: state.phase === 'up' ? state.pid : 0, paused: state.phase === 'up' && state.paused, want: state.want }
}

function react(state: State, event: Event, time: Time, policy: Policy): Step {
  switch (event.type) {
    case 'begin':
      return whenDue({ state, effects: [{ type: 'publish' }] }, time)
    case 'tick':
      return whenDue(whenOverdue(whenToCheck({ state, effects: [] }, time), time), time)
    case 'letter':
      return obey(state, event.letter, time, policy)
    case 'started': {
      const checkAt = policy.check ? time.monotonic : undefined
      const fresh: State = { ...state, phase: 'up', pid: event.pid, paused: false, startDue: false, ready: undefined, killAt: undefined }
      const up: State = { ...fresh, changed: time.label, started: time.monotonic, notBefore: time.monotonic + paceMilliseconds, checkAt }
      return whenToCheck({ state: up, effects: [{ type: 'publish' }] }, time)
    }
    case 'startFailed':
      return { state: { ...state, startDue: true, notBefore: time.monotonic + forkRetryMilliseconds }, effects: [{ type: 'publish' }] }
    case 'finishStarted': {
      const killAt = policy.timeoutFinish > 0 ? time.monotonic + policy.timeoutFinish : undefined
      return { state: { ...state, pid: event.pid, killAt }, effects: [{ type: 'publish' }] }
    }
    case 'finishFailed':
      return finished(state, 'unknown', time)
    case 'exited':
      return state.phase === 'finishing' ? finished(state, event.ending, time) : ended(state, event.ending, time, policy)
    case 'notified':
      return becomeReady(state, time)
    case 'checked':
      if (event.ok) return becomeReady(state, time)
      return { state: { ...state, checkAt: isUnready(state) ? time.monotonic + checkMilliseconds : undefined }, effects: [] }
    case 'overdue':
      return { state: { ...state, killAt: undefined }, effects: state.pid === 0 ? [] : [signal('SIGKILL')] }
  }
}

/** run has ended. */
function ended(state: State, ending: Ending, time: Time, policy: Policy): Step {
  const again = state.want === 'up' && !state.exiting
  const dead: State = {
    ...{ ...state, pid: 0, changed: time.label, ready: undefined, killAt: undefined, checkAt: undefined },
    lastExit: { ending, at: time.label },
    startDue: again,
    restarts: again ? state.restarts + 1 : state.restarts,
  }
  const effects: Effect[] = policy.deathTally > 0 ? [{ type: 'tally', ending }] : []
  const slowed = again ? { ...dead, ...nextStart(state, time.monotonic, time.random, policy.restartDelay) } : dead
  // Not published before finish runs: who is killed in between leaves a service that has ended, whose finish is still to be run.
  if (policy.finish) return { state: { ...slowed, phase: 'finishing' }, effects: [...effects, { type: 'finish', ending }] }
  return becomeDown(slowed, effects, time)
}

/** finish has ended, or there was none to run. */
function finished(state: State, ending: Ending, time: Time): Step {
  const failed = ending !== 'unknown' && 'code' in ending && ending.code === permanentFailure
  const done: State = { ...state, pid: 0, killAt: undefined }
  if (!failed) return becomeDown(done, [], time)
  const want = state.want === 'up' ? 'once' : state.want
  return becomeDown({ ...done, failed, want, startDue: false }, [], time)
}

function becomeDown(state: State, effects: Effect[], time: Time): Step {
  const down: State = { ...state, phase: 'down' }
  const all: Effect[] = [{ type: 'publish' }, ...effects]
  if (down.want === 'once' && !down.startDue && down.lastExit !== undefined) all.push({ type: 'final', ending: down.lastExit.ending })
  return down.exiting ? { state: down, effects: [...all, { type: 'leave' }] } : whenDue({ state: down, effects: all }, time)
}

function obey(state: State, letter: Letter, time: Time, policy: Policy): Step {
  const up = state.phase === 'up'
  switch (letter) {
    case 'u':
    case 'o': {
      const wanted: State = { ...state, want: letter === 'u' ? 'up' : 'once', failed: false }
      // Somebody asks for it now: pacing is for what supervise does by itself.
      const due: State = up ? wanted : { ...wanted, startDue: !state.exiting, delay: 0, notBefore: time.monotonic }
      return whenDue({ state: due, effects: [{ type: 'publish' }] }, time)
    }
    case 'd': {
      const killAt = up && policy.timeoutKill > 0 ? time.monotonic + policy.timeoutKill : state.killAt
      const unwanted: State = { ...state, want: 'down', startDue: false, paused: up ? false : state.paused, killAt }
      const signals: Effect[] = up ? [signal(policy.downSignal), signal('SIGCONT')] : []
      return { state: unwanted, effects: [...signals, { type: 'publish' }] }
    }
    case 'x': {
      const exiting: State = { ...state, exiting: true, startDue: false }
      return { state: exiting, effects: state.phase === 'down' ? [{ type: 'publish' }, { type: 'leave' }] : [{ type: 'publish' }] }
    }
    case 'p':
    case 'c':
      return { state: { ...state, paused: letter === 'p' }, effects: [{ type: 'publish' }, ...passOn(state, letter)] }
    default:
      return { state, effects: passOn(state, letter) }
  }
}

function passOn(state: State, letter: Letter): Effect[] {
  return state.phase === 'up' ? [signal(controls.get(letter)!.signal!)] : []
}

function signal(signal: Signal): Effect {
  return { type: 'signal', signal }
}

function isUnready(state: State): boolean {
  return state.phase === 'up' && state.ready === undefined
}

function becomeReady(state: State, time: Time): Step {
  if (!isUnready(state)) return { state, effects: [] }
  return { state: { ...state, ready: time.label, checkAt: undefined }, effects: [{ type: 'publish' }] }
}

function whenDue({ state, effects }: Step, time: Time): Step {
  // An error that nobody expected has kept finish from being started.
  if (state.phase === 'finishing' && state.pid === 0) return { state, effects: [...effects, { type: 'finish', ending: state.lastExit?.ending ?? 'unknown' }] }
  const isTime = state.startDue && state.phase === 'down' && time.monotonic >= state.notBefore
  return { state, effects: isTime ? [...effects, { type: 'start' }] : effects }
}

function whenToCheck({ state, effects }: Step, time: Time): Step {
  if (state.checkAt === undefined || time.monotonic < state.checkAt) return { state, effects }
  return { state: { ...state, checkAt: undefined }, effects: [...effects, { type: 'check' }] }
}

function whenOverdue({ state, effects }: Step, time: Time): Step {
  if (state.killAt === undefined || time.monotonic < state.killAt) return { state, effects }
  return { state: { ...state, killAt: undefined }, effects: [...effects, signal('SIGKILL')] }
}
