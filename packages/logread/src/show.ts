import type { Batch } from './logs.ts'
import type { Log } from './places.ts'
import { plain } from './plain.ts'
import type { LogLine } from './source.ts'
import { nanosecondsOf, secondsOf } from './unixtime.ts'

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
      this.#second = this.#options.tell(secondsOf(place))
    }
    if (this.#second === undefined) return undefined
    return `${this.#second}.${String(Math.floor(nanosecondsOf(place) / 1000)).padStart(6, '0')}`
  }
}
