/**
 * The state machine of one service, as a pure function. supervise.c fused it with its system calls; the loop around it is in supervisor.ts.
 *
 * A service is up (a pid) or down (0). While it is down, a start may be due: at once, or at `notBefore`, because it was started less than
 * a second ago or could not be. Once `exiting`, it leaves for good when it is next down.
 */
import type { Letter, Status, Want } from '@daemontools-ts/servicedir'
import { controls } from '@daemontools-ts/servicedir'
import type { Tai64n } from '@daemontools-ts/tai64'

export interface State {
  /** 0 means down. */
  pid: number
  want: Want
  paused: boolean
  /** `x` was received: leave as soon as it is down. Nothing takes it back. */
  exiting: boolean
  /** The time of the last change of pid. */
  changed: Tai64n
  /** Down, and to be started. */
  startDue: boolean
  /** Milliseconds of the monotonic clock: no start by itself before this. */
  notBefore: number
}

export type Event =
  | { type: 'begin' }
  | { type: 'letter'; letter: Letter }
  | { type: 'started'; pid: number }
  | { type: 'startFailed' }
  | { type: 'exited' }
  /** The time asked for by the effect `wake` has come. */
  | { type: 'tick' }

export type Effect =
  | { type: 'publish' }
  | { type: 'start' }
  | { type: 'signal'; signal: NodeJS.Signals }
  /** Tell me `tick` at this time of the monotonic clock, in milliseconds. */
  | { type: 'wake'; at: number }
  | { type: 'leave' }

export interface Step {
  state: State
  effects: Effect[]
}

/** The time of an event, on two clocks: the label that goes into the status, and milliseconds that nobody can set back. */
export interface Time {
  label: Tai64n
  monotonic: number
}

/** A service is started at most once in this time by itself; supervise.c sleeps for it. */
export const paceMilliseconds = 1000
/** supervise.c: "unable to fork, sleeping 60 seconds". */
export const forkRetryMilliseconds = 60_000

export function initialState(want: 'up' | 'down', time: Time): State {
  return { pid: 0, want, paused: false, exiting: false, changed: time.label, startDue: want === 'up', notBefore: time.monotonic }
}

/** What happens next, and what is to be done about it, in order. */
export function step(state: State, event: Event, time: Time): Step {
  switch (event.type) {
    case 'begin':
      return whenDue({ state, effects: [{ type: 'publish' }] }, time)
    case 'tick':
      return whenDue({ state, effects: [] }, time)
    case 'started':
      return {
        state: { ...state, pid: event.pid, paused: false, startDue: false, changed: time.label, notBefore: time.monotonic + paceMilliseconds },
        effects: [{ type: 'publish' }],
      }
    case 'startFailed':
      return whenDue({ state: { ...state, startDue: true, notBefore: time.monotonic + forkRetryMilliseconds }, effects: [] }, time)
    case 'exited': {
      const down: State = { ...state, pid: 0, changed: time.label, startDue: state.want === 'up' && !state.exiting }
      const effects: Effect[] = [{ type: 'publish' }]
      return down.exiting ? { state: down, effects: [...effects, { type: 'leave' }] } : whenDue({ state: down, effects }, time)
    }
    case 'letter':
      return obey(state, event.letter, time)
  }
}

export function statusOf(state: State): Status {
  return { changed: state.changed, pid: state.pid, paused: state.paused, want: state.want }
}

function obey(state: State, letter: Letter, time: Time): Step {
  const up = state.pid !== 0
  switch (letter) {
    case 'u':
    case 'o': {
      const wanted: State = { ...state, want: letter === 'u' ? 'up' : 'once', startDue: !up, notBefore: up ? state.notBefore : time.monotonic }
      // Somebody asks for it now: pacing is for what supervise does by itself.
      return whenDue({ state: wanted, effects: [{ type: 'publish' }] }, time)
    }
    case 'd': {
      const unwanted: State = { ...state, want: 'down', startDue: false, paused: up ? false : state.paused }
      const signals: Effect[] = up ? [signal('SIGTERM'), signal('SIGCONT')] : []
      return { state: unwanted, effects: [...signals, { type: 'publish' }] }
    }
    case 'x': {
      const exiting: State = { ...state, exiting: true, startDue: false }
      return { state: exiting, effects: up ? [{ type: 'publish' }] : [{ type: 'publish' }, { type: 'leave' }] }
    }
    case 'p':
    case 'c':
      return { state: { ...state, paused: letter === 'p' }, effects: [{ type: 'publish' }, ...passOn(state, letter)] }
    default:
      return { state, effects: passOn(state, letter) }
  }
}

function passOn(state: State, letter: Letter): Effect[] {
  return state.pid === 0 ? [] : [signal(controls.get(letter)!.signal!)]
}

function signal(name: NodeJS.Signals): Effect {
  return { type: 'signal', signal: name }
}

function whenDue({ state, effects }: Step, time: Time): Step {
  if (!state.startDue || state.pid !== 0) return { state, effects }
  const next: Effect = time.monotonic >= state.notBefore ? { type: 'start' } : { type: 'wake', at: state.notBefore }
  return { state, effects: [...effects, next] }
}
