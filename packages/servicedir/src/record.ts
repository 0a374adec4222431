/**
 * supervise/state.json: what the 18 bytes of supervise/status cannot say, for people, for svctl, and for whoever supervises the
 * service next and must not start it twice. docs/protocol.md has its fields.
 */
import { formatLabel, parseLabel, type Tai64n } from '@daemontools-ts/tai64'
import { type Ending, type Identity, signalName, signalNumber } from '@daemontools-ts/unix'
import type { Want } from './status.ts'

/**
 * `down`: nothing runs. `up`: run does. `finishing`: run has ended, finish does. `left`: nothing runs, and nobody supervises it by intent.
 */
export type Phase = 'down' | 'up' | 'finishing' | 'left'

export interface StateRecord {
  phase: Phase
  want: Want
  paused: boolean
  /** `x` was received. */
  exiting: boolean
  /** finish said that starting it again is no use. */
  failed: boolean
  /** The process of the phase, undefined where there is none. */
  process: Identity | undefined
  /** The boot in which all this was so: see bootId(). */
  bootId: string
  /** When run last started or ended. */
  changed: Tai64n
  /** When it said that it is ready. */
  ready: Tai64n | undefined
  /** How often run was started again by itself. */
  restarts: number
  /** The last end of run. */
  lastExit: { ending: Ending; at: Tai64n } | undefined
  /** Down, and to be started then. */
  nextStart: Tai64n | undefined
  /** The current delay between an end and the next start, in milliseconds; 0: none has grown. */
  delay: number
  /** Milliseconds on the monotonic clock of the boot. */
  monotonic: {
    /** When run was last started. */
    started: number
    /** No start by itself before this. */
    notBefore: number
    /** When the process of the phase is to be killed. */
    killAt: number | undefined
  }
  /** Who holds the service's pipes if the supervisor is killed; behind it others, whose place it is taking. */
  keepers: readonly Identity[]
}

/** So many fit. There are more only if supervisors are killed again and again before they have begun. */
const mostKeepers = 5

/** Always the same length, so that it can be overwritten in place on a full disk. */
export const recordLength = 1024

/** One line of JSON, filled up with blanks. */
export function formatRecord(record: StateRecord): string {
  const { phase, process, changed, ready, nextStart, lastExit, monotonic, keepers, ...rest } = record
  const label = (time: Tai64n | undefined): string | null => (time === undefined ? null : formatLabel(time))
  const document = {
    version: 1,
    state: phase,
    pid: process?.pid ?? 0,
    startTime: process?.startTime ?? 0,
    ...rest,
    since: formatLabel(changed),
    ready: label(ready),
    nextStart: label(nextStart),
    lastExit: lastExit === undefined ? null : { ...describeEnding(lastExit.ending), at: formatLabel(lastExit.at) },
    monotonic: { ...monotonic, killAt: monotonic.killAt ?? null },
    keepers: keepers.slice(0, mostKeepers).map(({ pid, startTime }) => ({ pid, startTime })),
  }
  return JSON.stringify(document).padEnd(recordLength - 1) + '\n'
}

/** Reads what formatRecord wrote. Undefined if it is anything else: a version to come, somebody else's file, half of one. */
export function parseRecord(text: string): StateRecord | undefined {
  try {
    return read(JSON.parse(text) as Record<string, unknown>)
  } catch {
    return undefined
  }
}

function read(document: Record<string, unknown>): StateRecord {
  expect(document['version'] === 1)
  const pid = number(document['pid'])
  const lastExit = document['lastExit'] as Record<string, unknown> | null
  const monotonic = document['monotonic'] as Record<string, unknown>
  const keepers = document['keepers'] as Record<string, unknown>[]
  return {
    phase: oneOf(document['state'], ['down', 'up', 'finishing', 'left']),
    want: oneOf(document['want'], ['up', 'down', 'once']),
    paused: boolean(document['paused']),
    exiting: boolean(document['exiting']),
    failed: boolean(document['failed']),
    process: pid === 0 ? undefined : { pid, startTime: number(document['startTime']) },
    bootId: String(document['bootId']),
    changed: label(document['since']),
    ready: optional(document['ready'], label),
    restarts: number(document['restarts']),
    lastExit: lastExit === null ? undefined : { ending: endingOf(lastExit), at: label(lastExit['at']) },
    nextStart: optional(document['nextStart'], label),
    delay: number(document['delay']),
    monotonic: {
      started: number(monotonic['started']),
      notBefore: number(monotonic['notBefore']),
      killAt: optional(monotonic['killAt'], number),
    },
    keepers: keepers.map(({ pid, startTime }) => ({ pid: number(pid), startTime: number(startTime) })),
  }
}

function describeEnding(ending: Ending): object {
  if (ending === 'unknown') return { unknown: true }
  return 'code' in ending ? { code: ending.code } : { signal: signalName(ending.signal) }
}

function endingOf(document: Record<string, unknown>): Ending {
  if (document['unknown'] === true) return 'unknown'
  if (document['code'] !== undefined) return { code: number(document['code']) }
  const signal = signalNumber(String(document['signal']))
  expect(signal !== undefined)
  return { signal: signal! }
}

function expect(holds: boolean): void {
  if (!holds) throw new TypeError('not a state record')
}

function number(value: unknown): number {
  expect(typeof value === 'number')
  return value as number
}

function boolean(value: unknown): boolean {
  expect(typeof value === 'boolean')
  return value as boolean
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  expect(words.includes(value as Word))
  return value as Word
}

function label(value: unknown): Tai64n {
  const time = parseLabel(String(value))
  expect(time !== undefined)
  return time!
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === null ? undefined : read(value)
}
