import { toUnix, unpackLabel } from '@daemontools-ts/tai64'
import type { Batch } from './logs.ts'
import type { Log } from './places.ts'
import { plain } from './plain.ts'
import type { LogLine } from './source.ts'

/** `YYYY-MM-DD HH:MM:SS` of a Unix time in seconds; undefined where the calendar ends. */
export type TellSecond = (seconds: number) => string | undefined

export interface ShowOptions {
  tell: TellSecond
  /** Characters of the longest name. */
  width: number
  /** Puts a colour around a name and around an event. */
  paintName?: (name: string) => string
  paintEvent?: (text: string) => string
}

/** `YYYY-MM-DD HH:MM:SS.uuuuuu`, and blanks where a line has no time of its own. */
const timeLength = 26
const blankTime = ' '.repeat(timeLength)

/** Lines for people: local time to the microsecond, the service, and the line; `*` for what happened to the service itself. */
export class Show {
  readonly #options: ShowOptions
  readonly #names = new Map<Log, string>()
  /** Lines of a log share their second: the digits that were asked for last, and their text. */
  #digits = ''
  #second: string | undefined

  constructor(options: ShowOptions) {
    this.#options = options
  }

  /** A batch as text, with a newline behind each line. */
  text({ lines, logs }: Batch): string {
    let text = ''
    for (let index = 0; index < lines.length; index++) text += this.#line(this.#name(logs[index]!), lines[index]!)
    return text
  }

  #line(name: string, { place, isLabelled, text, event }: LogLine): string {
    if (event !== undefined) return `${this.#time(place)} ${name} * ${this.#options.paintEvent?.(text) ?? text}\n`
    const time = isLabelled ? this.#time(place) : undefined
    // A label beyond the calendar is shown as it is.
    if (time === undefined) return `${blankTime} ${name} | ${isLabelled ? `${place} ` : ''}${plain(text)}\n`
    return `${time} ${name} | ${plain(text)}\n`
  }

  #name(log: Log): string {
    let shown = this.#names.get(log)
    if (shown === undefined) {
      const text = plain(log.name)
      shown = (this.#options.paintName?.(text) ?? text) + ' '.repeat(Math.max(0, this.#options.width - text.length))
      this.#names.set(log, shown)
    }
    return shown
  }

  #time(place: string): string | undefined {
    const digits = place.slice(1, 17)
    if (digits !== this.#digits) {
      this.#digits = digits
      this.#second = this.#options.tell(unixOf(place))
    }
    if (this.#second === undefined) return undefined
    const nanoseconds = Number.parseInt(place.slice(17), 16)
    return `${this.#second}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`
  }
}

/** A batch as JSON, one object in each line. */
export function toJson({ lines, logs }: Batch): string {
  return lines.map((line, index) => objectOf(logs[index]!.name, line)).join('')
}

/** One line as a JSON object, with the newline. Times are RFC 3339 in UTC; `label` is null for a line without one, `bytes` is there if it is not UTF-8. */
function objectOf(name: string, { place, isLabelled, text, event }: LogLine): string {
  const label = isLabelled ? place : null
  return `${JSON.stringify({ service: toText(name), time: label === null ? null : utcOf(place), label, ...(event === undefined ? {} : { event }), ...textOf(text) })}\n`
}

function textOf(text: string): { text: string; bytes?: string } {
  if (/^[\x00-\x7f]*$/.test(text)) return { text }
  const bytes = Buffer.from(text, 'latin1')
  const decoded = bytes.toString('utf8')
  return Buffer.from(decoded).equals(bytes) ? { text: decoded } : { text: decoded, bytes: bytes.toString('base64') }
}

function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** null beyond the years that RFC 3339 has. */
function utcOf(place: string): string | null {
  const seconds = unixOf(place)
  if (!(seconds >= -62_135_596_800 && seconds <= 253_402_300_799)) return null
  const nanoseconds = Number.parseInt(place.slice(17), 16)
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`
}

/** Seconds. */
function unixOf(place: string): number {
  return toUnix(unpackLabel(Buffer.from(place.slice(1), 'hex')))
}
