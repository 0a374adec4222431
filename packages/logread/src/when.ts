/** The moments that a person writes. */
import { fromUnix, formatLabel } from '@daemontools-ts/tai64'
import { beginsWithLabel } from './line.ts'

/** A calendar day and a time of day. */
export interface Calendar {
  year: number
  /** From 1. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/** What time it is, and what calendars say there. */
export interface Clock {
  /** Unix time in seconds. */
  now: number
  /** Local time of a Unix time in seconds. */
  tell(seconds: number): Calendar
}

const seconds: { [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const units = /^(\d+)\s*(sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|s|m|h|d|w)(?![a-z])/

/**
 * Reads a moment: a TAI64N label, `2026-11-27`, `2026-11-27T19:30[:05[.25]]` (`Z`, `+01:00`; default local time), `19:30` today, `10m`, `2h 30min ago`,
 * `today`, `yesterday`, `now`. Gives its label, or undefined if it is none of these.
 */
export function parseMoment(text: string, clock: Clock): string | undefined {
  const word = text.trim()
  if (word.startsWith('@')) return word.length === 25 && beginsWithLabel(word) ? word : undefined
  const day = dayOf(word, clock)
  if (word === 'now') return labelOf(clock.now)
  if (day !== undefined) return labelOf(toUnix(day, clock.tell))
  const age = ageOf(word)
  if (age !== undefined) return labelOf(clock.now - age)
  return readDate(word, clock)
}

function dayOf(word: string, { now, tell }: Clock): Calendar | undefined {
  const today = { ...tell(now), hour: 0, minute: 0, second: 0 }
  if (word === 'today') return today
  return word === 'yesterday' ? { ...today, day: today.day - 1 } : undefined
}

function ageOf(word: string): number | undefined {
  let rest = word.replace(/\s*ago$/, '')
  let age = 0
  if (rest === '') return undefined
  while (rest !== '') {
    const match = units.exec(rest)
    if (match === null) return undefined
    age += Number(match[1]) * seconds[match[2]![0]!]!
    rest = rest.slice(match[0].length).trimStart()
  }
  return age
}

function readDate(word: string, clock: Clock): string | undefined {
  const match = /^(?:(\d{4})-(\d\d)-(\d\d)(?:[T ](?=.)|$))?(?:(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/.exec(word)
  if (match === null || word === '') return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  if (year === undefined && hour === undefined) return undefined
  const today = clock.tell(clock.now)
  const numbers = { year: Number(year ?? today.year), month: Number(month ?? today.month), day: Number(day ?? today.day), hour: Number(hour ?? 0), minute: Number(minute ?? 0), second: Number(second ?? 0) }
  if (!exists(numbers)) return undefined
  const unix = zone === undefined ? toUnix(numbers, clock.tell) : utc(numbers) - offsetOf(zone)
  return labelOf(unix, Number((fraction ?? '').padEnd(9, '0')))
}

/** 30 February does not. A leap second does. */
function exists({ year, month, day, hour, minute, second }: Calendar): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second <= 60
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? ['', '+', '0', '0']
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

/** The Unix time of a local time: a guess, corrected by what the clock says there; twice, where the clocks were changed in between. */
function toUnix(local: Calendar, tell: Clock['tell']): number {
  const wanted = utc(local)
  let unix = wanted
  for (let round = 0; round < 2; round++) unix += wanted - utc(tell(unix))
  return unix
}

function utc({ year, month, day, hour, minute, second }: Calendar): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
}

function labelOf(unix: number, nanoseconds = 0): string {
  return formatLabel(fromUnix(Math.floor(unix), nanoseconds))
}
