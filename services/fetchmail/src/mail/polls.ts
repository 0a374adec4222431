/** What the events of a log add up to. Times are milliseconds since 1970. */
import type { Event } from './event.ts'
import { nameTrouble, type Trouble, wordsOf } from './trouble.ts'

export interface Failure {
  server: string
  trouble: Trouble
  /** fetchmail's own number and name for it: `3`, `AUTHFAIL`. */
  status: number
  name: string
  /** What it said. */
  words: string | undefined
}

/** One round through all servers, from the first poll to the sleep. */
export interface Round {
  started: number
  /** Undefined while it lasts. */
  ended: number | undefined
  delivered: number
  /** Still at the provider; with `keep` also what was delivered. */
  kept: number
  /** Kept because our mail server would not have it. */
  refused: number
  /** What our mail server said to the last of these. */
  refusal: string | undefined
  failures: readonly Failure[]
}

/**
 * unknown: nothing of it is in the log. starting: run has begun. polling: a round is on its way. idle: a server will tell. sleeping: until
 * `due`. ended: fetchmail has ended. refused: run or finish wants a person.
 */
export type Phase = 'unknown' | 'starting' | 'polling' | 'idle' | 'sleeping' | 'ended' | 'refused'

export interface Polls {
  phase: Phase
  /** When the phase began; when the log last said anything. */
  since: number
  lastLine: number
  /** When the next round is due, while sleeping. */
  due: number | undefined
  /** The last starts of run, at most `mostStarts`. */
  starts: readonly number[]
  round: Round | undefined
  /** The last that ended, and the last of these without a failure. In IDLE: when the server was last asked to tell. */
  last: Round | undefined
  lastGood: number | undefined
  /** Rounds that failed since the last good one, and how. */
  failedRounds: number
  failures: readonly Failure[]
  /** Over all rounds in the log. */
  delivered: number
  kept: number
  refused: number
  /** Why run or finish refuses. */
  refusal: string | undefined
  /** Of the poll under way. */
  poll: { server: string; completed: boolean; remarks: readonly string[]; refusedMessage: boolean } | undefined
}

const mostStarts = 10
const mostRemarks = 30

export const noPolls: Polls = {
  phase: 'unknown', since: 0, lastLine: 0, due: undefined, starts: [], round: undefined, last: undefined, lastGood: undefined,
  failedRounds: 0, failures: [], delivered: 0, kept: 0, refused: 0, refusal: undefined, poll: undefined,
}

/** @param time When it was said. */
export function step(polls: Polls, event: Event, time: number): Polls {
  return stepOf({ ...polls, lastLine: time }, event, time)
}

function stepOf(polls: Polls, event: Event, time: number): Polls {
  switch (event.event) {
    case 'service started':
      return { ...begin(polls, 'starting', time), round: undefined, poll: undefined, refusal: undefined, starts: [...polls.starts, time].slice(-mostStarts) }
    case 'refused':
      // its second line is the cure
      return polls.phase === 'refused' ? polls : { ...begin(polls, 'refused', time), refusal: event.text }
    case 'fetchmail started':
      return begin(polls, 'starting', time)
    case 'poll started': {
      const started = { ...closePoll(polls), poll: { server: event.server, completed: false, remarks: [], refusedMessage: false } }
      const round = started.round ?? { started: time, ended: undefined, delivered: 0, kept: 0, refused: 0, refusal: undefined, failures: [] }
      return started.phase === 'polling' ? { ...started, round } : { ...begin(started, 'polling', time), round }
    }
    case 'message':
      return withPoll(polls, { refusedMessage: false })
    case 'recipient refused':
      return withPoll(polls, { refusedMessage: true })
    case 'message ended':
      return count(polls, event.how)
    case 'poll completed':
      return withPoll(polls, { completed: true })
    case 'status':
      return fail(polls, event.status, event.name)
    case 'idle':
      // all that came before has been dealt with
      return { ...begin(polls, 'idle', time), lastGood: time, failedRounds: 0, failures: [] }
    case 'sleeping':
      return { ...begin(endRound(closePoll(polls), time), 'sleeping', time), due: time + event.seconds * 1000 }
    case 'awakened':
      return polls
    case 'ended':
      return { ...begin(closePoll(polls), 'ended', time), round: undefined, poll: undefined }
    case 'mail found':
      return polls.phase === 'idle' ? begin(polls, 'polling', time) : polls
    case 'remark':
      return withPoll(polls, { remarks: [...(polls.poll?.remarks ?? []), event.text].slice(-mostRemarks) })
  }
}

function begin(polls: Polls, phase: Phase, time: number): Polls {
  return { ...polls, phase, since: time, due: undefined }
}

function withPoll(polls: Polls, change: Partial<NonNullable<Polls['poll']>>): Polls {
  return polls.poll === undefined ? polls : { ...polls, poll: { ...polls.poll, ...change } }
}

function count(polls: Polls, how: 'delivered' | 'kept'): Polls {
  const { poll, round } = polls
  const what = how === 'kept' && poll?.refusedMessage === true ? 'refused' : how
  const counted = { ...withPoll(polls, { refusedMessage: false }), [what]: polls[what] + 1 }
  if (round === undefined) return counted
  const refusal = what === 'refused' ? (wordsOf(poll!.remarks, 'mail refused') ?? wordsOf(poll!.remarks, 'delivery program failed')) : round.refusal
  return { ...counted, round: { ...round, [what]: round[what] + 1, refusal } }
}

function fail(polls: Polls, status: number, name: string): Polls {
  const { poll, round } = polls
  if (round === undefined) return polls
  const remarks = poll?.remarks ?? []
  const trouble = nameTrouble(remarks, status)
  const failure = { server: poll?.server ?? '', trouble, status, name, words: wordsOf(remarks, trouble) }
  return { ...polls, poll: undefined, round: { ...round, failures: [...round.failures, failure] } }
}

/** A poll that is over without a status was good, whatever the mail server thought of its mail. */
function closePoll(polls: Polls): Polls {
  return { ...polls, poll: undefined }
}

function endRound(polls: Polls, time: number): Polls {
  const { round } = polls
  if (round === undefined) return polls
  const last = { ...round, ended: time }
  const isGood = round.failures.length === 0
  return {
    ...polls,
    round: undefined,
    last,
    lastGood: isGood ? time : polls.lastGood,
    failedRounds: isGood ? 0 : polls.failedRounds + 1,
    failures: isGood ? [] : [...polls.failures, ...round.failures].slice(-mostRemarks),
  }
}
