import { Cursor, type CursorOptions } from './cursor.ts'
import { isGone } from './disk.ts'
import { type Happening, happeningsIn } from './lifecycle.ts'
import type { Line } from './line.ts'
import { readState } from './logger.ts'
import type { Source } from './merge.ts'

/** A line of a log, or what happened to the service. */
export interface LogLine extends Line {
  event?: Happening['event']
}

/** Which lines are wanted. Places are labels. */
export interface Selection {
  since?: string | undefined
  until?: string | undefined
  /** By the text, a byte string. */
  matches?: ((text: string) => boolean) | undefined
}

/** The lines of one log directory that are wanted. */
export class LogSource implements Source<LogLine> {
  readonly #cursor: Cursor
  readonly #selection: Selection
  readonly #isBounded: boolean
  readonly #onTrouble: (why: unknown) => void
  #isInTrouble = false

  /** @param onTrouble Told once when the directory cannot be read; while following, it is tried again. */
  constructor(path: string, options: CursorOptions, selection: Selection, onTrouble: (why: unknown) => void) {
    this.#cursor = new Cursor(path, { ...options, until: selection.until })
    this.#isBounded = options.isBounded
    this.#selection = selection
    this.#onTrouble = onTrouble
  }

  async read(): Promise<LogLine[] | undefined> {
    for (;;) {
      const lines = await this.#attempt()
      if (lines === undefined) return undefined
      const wanted = select(lines, this.#selection)
      if (wanted.length > 0) return wanted
    }
  }

  close(): Promise<void> {
    return this.#cursor.close()
  }

  async #attempt(): Promise<LogLine[] | undefined> {
    try {
      const lines = await this.#cursor.read()
      this.#isInTrouble = false
      return lines
    } catch (error) {
      // A log that is followed may be away for a while.
      if (!this.#isInTrouble && (this.#isBounded || !isGone(error))) this.#onTrouble(error)
      this.#isInTrouble = true
      return undefined
    }
  }
}

/** What has happened to a service since we looked last, as far as supervise/state.json has kept it. */
export class LifeSource implements Source<LogLine> {
  readonly #service: string
  readonly #selection: Selection
  /** What was given already. */
  #through = ''

  constructor(service: string, selection: Selection) {
    this.#service = service
    this.#selection = selection
  }

  async read(): Promise<LogLine[] | undefined> {
    const record = readState(this.#service)
    const news = record === undefined ? [] : happeningsIn(record).filter(({ place }) => place > this.#through)
    this.#through = news.at(-1)?.place ?? this.#through
    const lines = select(news.map((happening) => ({ isLabelled: true, ...happening })), this.#selection)
    return lines.length > 0 ? lines : undefined
  }
}

function select(lines: LogLine[], { since, until, matches }: Selection): LogLine[] {
  if (since === undefined && until === undefined && matches === undefined) return lines
  return lines.filter(({ place, text }) => (since === undefined || place >= since) && (until === undefined || place <= until) && (matches === undefined || matches(text)))
}
