/** How the service does, in a word and in sentences: from its log and its supervise. Times are milliseconds since 1970. */
import type { Supervision } from '../supervision.ts'
import type { Failure, Polls } from './polls.ts'

/** ok: mail flows. warning: look at it when you have time. critical: no mail comes. */
export type Level = 'ok' | 'warning' | 'critical'

export interface Health {
  level: Level
  /** Why it is not ok; empty if it is. */
  reasons: string[]
}

export interface Looked {
  now: number
  polls: Polls
  supervision: Supervision
  /** Seconds from one round to the next; undefined if env/INTERVAL holds something else. */
  interval: number | undefined
}

const second = 1000
/** fetchmail asks anew after 28 minutes (RFC 2177 §3 wants less than 29). */
const idleAsks = 30 * 60 * second
/** What a round may take before anybody wonders. */
const roundTakes = 15 * 60 * second
/** Rounds without success that are still the network's mood. */
const forgiven = 2
const loop = { starts: 3, milliseconds: 10 * second }

export function healthOf(looked: Looked): Health {
  const reasons = [...supervisionOf(looked), ...pollsOf(looked)]
  const levels = reasons.map(([level]) => level)
  return { level: levels.includes('critical') ? 'critical' : levels.includes('warning') ? 'warning' : 'ok', reasons: reasons.map(([, reason]) => reason) }
}

/** `pop.example.net: wrong password`. */
export function failureWords({ server, trouble, status, name }: Failure): string {
  return `${server}: ${trouble} (status ${status}${name === '' ? '' : ` ${name}`})`
}

type Reason = readonly [Level, string]

function supervisionOf({ supervision: { supervised, status, reason } }: Looked): Reason[] {
  if (!supervised) return [['critical', 'nobody supervises it']]
  if (status?.pid !== 0 && status !== undefined) return []
  if (reason !== undefined) return [['critical', `it is down, and is not started again by itself: ${reason}`]]
  return [['critical', status?.want === 'up' ? 'it is down, and about to be started' : 'it is down, as it was told to be']]
}

function pollsOf({ now, polls, supervision, interval = 0 }: Looked): Reason[] {
  if (!supervision.supervised || supervision.status?.pid === 0) return []
  const starts = polls.starts.slice(-loop.starts)
  if (starts.length === loop.starts && starts.at(-1)! - starts[0]! <= loop.milliseconds && now - starts.at(-1)! <= 6 * loop.milliseconds) return [['critical', 'it ends again and again, and is started again each time']]
  switch (polls.phase) {
    case 'refused':
      return [['critical', `it waits for a person: ${polls.refusal}`]]
    case 'idle':
      return now - polls.lastLine <= idleAsks ? [] : [['warning', `in IDLE, and the server has said nothing for ${duration(now - polls.lastLine)}`]]
    case 'unknown':
      return [['warning', 'nothing of it is in the log']]
    default:
      return [...roundsOf(polls), ...timesOf(polls, now, interval * second)]
  }
}

function roundsOf({ failedRounds, failures, last, lastGood }: Polls): Reason[] {
  if (last === undefined) return lastGood === undefined ? [['warning', 'no round has ended yet']] : []
  const names = [...new Set(last.failures.map(failureWords))]
  const isHopeless = last.failures.some(({ trouble }) => trouble === 'wrong password')
  return [
    ...(last.failures.length === 0 ? [] : [[isHopeless || failedRounds > forgiven ? 'critical' : 'warning', `${failedRounds === 1 ? 'the last round' : `the last ${failedRounds} rounds`} failed: ${names.join(', ')}`] as const]),
    ...(last.refused === 0 || failures.length > 0 ? [] : [['warning', `of the last round's mail ${last.refused} could not be delivered: ${last.refusal ?? 'refused'}`] as const]),
  ]
}

function timesOf({ due, round, phase }: Polls, now: number, interval: number): Reason[] {
  if (phase === 'polling' && round !== undefined && now - round.started > roundTakes) return [['warning', `a round lasts for ${duration(now - round.started)} already`]]
  return due !== undefined && now > due + Math.max(interval, 60 * second) ? [['critical', `the next round was due ${duration(now - due)} ago`]] : []
}

/** `551 s`, `12 min`, `3 h`, `2 days`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / second)
  if (seconds < 600) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
