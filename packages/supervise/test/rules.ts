/** What must be so of a service after each event, told in other words than state.ts tells it: for the properties. */
import { controls, type Letter, type Policy, type Want } from '@daemontools-ts/servicedir'
import type { Ending, Signal } from '@daemontools-ts/unix'
import type { Event } from '../src/state.ts'

export interface Rules {
  phase: 'down' | 'up' | 'finishing'
  want: Want
  exiting: boolean
  paused: boolean
  failed: boolean
  ready: boolean
  restarts: number
  /** The last end of run, and that of the process which has just made it go down. */
  ending: Ending | undefined
  /** When run last started or ended, on the wall's clock. */
  changed: number
  /** When run last started. */
  started: number
  delay: number
  /** It is to be started, when it is down: not before the one, not after the other. */
  due: { earliest: number; latest: number } | undefined
  killAt: number | undefined
  /** When check is to be run again at the latest. */
  checkBy: number | undefined
}

export function firstRules(wantedUp: boolean, wall: number, now: number): Rules {
  return {
    ...{ phase: 'down', want: wantedUp ? 'up' : 'down', exiting: false, paused: false, failed: false, ready: false, restarts: 0 },
    ...{ ending: undefined, changed: wall, started: 0, delay: 0, killAt: undefined, checkBy: undefined },
    due: wantedUp ? { earliest: now, latest: now } : undefined,
  }
}

/** The signals that an event leads to, in order. @param isLive A process runs. */
export function signalsOf({ phase, killAt }: Rules, event: Event, isLive: boolean, now: number, policy: Policy): Signal[] {
  if (event.type === 'tick') return isOver(killAt, now) ? ['SIGKILL'] : []
  if (event.type === 'overdue') return isLive ? ['SIGKILL'] : []
  if (event.type !== 'letter' || phase !== 'up') return []
  if (event.letter === 'd') return [policy.downSignal, 'SIGCONT']
  const { signal } = controls.get(event.letter)!
  return signal === undefined ? [] : [signal]
}

/** The rules of an event. */
export function follow(rules: Rules, event: Event, wall: number, now: number, policy: Policy): Rules {
  switch (event.type) {
    case 'begin':
      return rules
    case 'tick': {
      const { killAt, checkBy } = rules
      return { ...rules, killAt: isOver(killAt, now) ? undefined : killAt, checkBy: isOver(checkBy, now) ? undefined : checkBy }
    }
    case 'letter':
      return followLetter(rules, event.letter, now, policy)
    case 'started':
      return { ...rules, phase: 'up', paused: false, ready: false, changed: wall, started: now, due: undefined, killAt: undefined, checkBy: undefined }
    case 'startFailed':
      return { ...rules, due: { earliest: now + 60_000, latest: now + 60_000 } }
    case 'finishStarted':
      return { ...rules, killAt: policy.timeoutFinish > 0 ? now + policy.timeoutFinish : undefined }
    case 'finishFailed':
      return settle(rules, 'unknown')
    case 'exited':
      return rules.phase === 'finishing' ? settle(rules, event.ending) : end(rules, event.ending, wall, now, policy)
    case 'notified':
      return rules.phase === 'up' ? { ...rules, ready: true, checkBy: undefined } : rules
    case 'checked': {
      const isUnready = rules.phase === 'up' && !rules.ready
      if (event.ok) return { ...rules, ready: rules.ready || isUnready, checkBy: undefined }
      return { ...rules, checkBy: isUnready ? now + 1000 : undefined }
    }
    case 'overdue':
      return { ...rules, killAt: undefined }
  }
}

function followLetter(rules: Rules, letter: Letter, now: number, policy: Policy): Rules {
  const isUp = rules.phase === 'up'
  switch (letter) {
    case 'u':
    case 'o': {
      const wanted: Rules = { ...rules, want: letter === 'u' ? 'up' : 'once', failed: false }
      return isUp ? wanted : { ...wanted, delay: 0, due: rules.exiting ? undefined : { earliest: now, latest: now } }
    }
    case 'd': {
      const killAt = isUp && policy.timeoutKill > 0 ? now + policy.timeoutKill : rules.killAt
      return { ...rules, want: 'down', due: undefined, paused: isUp ? false : rules.paused, killAt }
    }
    case 'x':
      return { ...rules, exiting: true, due: undefined }
    case 'p':
    case 'c':
      return { ...rules, paused: letter === 'p' }
    default:
      return rules
  }
}

function end(rules: Rules, ending: Ending, wall: number, now: number, { finish, restartDelay }: Policy): Rules {
  const ended: Rules = { ...rules, phase: finish ? 'finishing' : 'down', ending, changed: wall, ready: false, due: undefined, killAt: undefined, checkBy: undefined }
  if (rules.want !== 'up' || rules.exiting) return ended
  const pace = rules.started + 1000
  const again = { ...ended, restarts: rules.restarts + 1 }
  if (restartDelay === undefined) return { ...again, delay: 0, due: { earliest: pace, latest: pace } }
  const isFirst = rules.delay === 0 || now - rules.started >= restartDelay.greatest
  const delay = isFirst ? restartDelay.first : Math.min(restartDelay.greatest, Math.max(restartDelay.first, rules.delay * 2))
  return { ...again, delay, due: { earliest: Math.max(pace, now + delay * 0.8), latest: Math.max(pace, now + delay) } }
}

/** finish has ended, or could not be run. */
function settle(rules: Rules, ending: Ending): Rules {
  const settled: Rules = { ...rules, phase: 'down', killAt: undefined }
  if (ending === 'unknown' || !('code' in ending) || ending.code !== 125) return settled
  return { ...settled, failed: true, due: undefined, want: rules.want === 'up' ? 'once' : rules.want }
}

function isOver(moment: number | undefined, now: number): boolean {
  return moment !== undefined && now >= moment
}
