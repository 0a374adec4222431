/** A log as it comes, in pieces of any size: polls, and the time of each line. */
import { parseLabel, toUnix } from '@daemontools-ts/tai64'
import { readEvents } from './event.ts'
import { noPolls, type Polls, step } from './polls.ts'

export interface Journal {
  polls: Polls
  /** The beginning of a line whose end has not come. */
  rest: string
}

export const emptyJournal: Journal = { polls: noPolls, rest: '' }

/** The journal after a further piece of the log, a byte string. Only complete lines count; one without a stamp is passed over. */
export function append(journal: Journal, piece: string): Journal {
  const lines = (journal.rest + piece).split('\n')
  const rest = lines.pop()!
  return { rest, polls: lines.reduce(readLine, journal.polls) }
}

function readLine(polls: Polls, line: string): Polls {
  const time = timeOf(line)
  return time === undefined ? polls : readEvents(line.slice(stampLength)).reduce((now, event) => step(now, event, time), polls)
}

/** `@`, 24 digits, a blank. */
const stampLength = 26

/** Milliseconds since 1970 of a line that multilog has stamped. */
function timeOf(line: string): number | undefined {
  const label = line[stampLength - 1] === ' ' ? parseLabel(line.slice(0, stampLength - 1)) : undefined
  return label && toUnix(label) * 1000 + Math.floor(label.nanoseconds / 1e6)
}
