/** The logs of many services as one. */
import { labelAt } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import { lastLines } from './backward.ts'
import type { Position } from './cursor.ts'
import { listLog } from './disk.ts'
import { merge, type Source } from './merge.ts'
import type { Log } from './places.ts'
import { seekSince } from './seek.ts'
import { LifeSource, type LogLine, LogSource, type Selection } from './source.ts'
import { Watch } from './watch.ts'

export interface ReadOptions extends Selection {
  /** Only the last so many lines of all logs together. */
  last?: number | undefined
  /** Goes on with what is written from now on. */
  follow?: boolean
  /** Leaves out what happened to the services themselves. */
  withoutEvents?: boolean
  /** While following: all logs that there are by now. Asked whenever a directory of `folders` changes, and every five seconds. */
  discover?: (() => readonly Log[]) | undefined
  folders?: readonly string[]
  /** Ends it. */
  signal?: AbortSignal | undefined
  /** A log that cannot be read. The others are read all the same. */
  onTrouble?: (log: Log, why: unknown) => void
}

/** Lines that follow each other in time, and the log of each. */
export interface Batch {
  lines: LogLine[]
  logs: Log[]
}

/** One line of a log, or one thing that happened to its service. */
export interface LogEntry extends LogLine {
  log: Log
}

/**
 * Reads logs in the order of time, a line at a time. Memory is one block of each log, however long they are.
 * Ends with the logs or, if it follows, with `signal`.
 */
export async function* readLogs(logs: readonly Log[], options: ReadOptions = {}): AsyncGenerator<LogEntry> {
  for await (const { lines, logs: from } of readBatches(logs, options)) for (const [index, line] of lines.entries()) yield { log: from[index]!, ...line }
}

/** The same in batches, as long as there are lines at hand: many times as fast. */
export async function* readBatches(logs: readonly Log[], options: ReadOptions = {}): AsyncGenerator<Batch> {
  const reading = new Reading(options)
  try {
    await reading.begin(logs)
    for (;;) {
      for await (const batch of reading.batches()) {
        if (options.signal?.aborted === true) return
        yield batch
      }
      if (options.follow !== true || options.signal?.aborted === true) return
      await reading.change()
    }
  } finally {
    await reading.end()
  }
}

class Reading {
  readonly #options: ReadOptions
  readonly #watch = new Watch()
  readonly #sources: { log: Log; watched: string; source: Source<LogLine>; close?: () => Promise<void> }[] = []
  /** Directories that have changed since they were read; undefined: all may have. */
  #changed: ReadonlySet<string> | undefined
  readonly #known = new Set<string>()

  constructor(options: ReadOptions) {
    this.#options = options
  }

  async begin(logs: readonly Log[]): Promise<void> {
    // Watched first: what comes while we look for the beginning rings the bell.
    for (const folder of this.#options.folders ?? []) this.#watchIf(folder)
    for (const { path, service } of logs) this.#watchLog(path, service)
    const { positions, since } = await this.#positions(logs)
    for (const [index, log] of logs.entries()) {
      const start = positions[index]
      if (start === 'nowhere') this.#known.add(log.path)
      else this.#add(log, start)
    }
    for (const log of logs) this.#addLife(log, since)
  }

  /** What is new in the directories that have changed. */
  async *batches(): AsyncGenerator<Batch> {
    const changed = this.#changed
    const sources = changed === undefined ? this.#sources : this.#sources.filter(({ watched }) => changed.has(watched))
    for await (const merged of merge(sources.map(({ source }) => source))) yield { lines: merged.lines, logs: merged.sources.map((source) => sources[source]!.log) }
  }

  async change(): Promise<void> {
    const { signal, folders = [], discover } = this.#options
    const changed = (this.#changed = await this.#watch.change(signal))
    if (discover === undefined || (changed !== undefined && !folders.some((folder) => changed.has(folder)))) return
    this.#changed = undefined // the new ones too
    for (const log of discover()) {
      if (this.#known.has(log.path)) continue
      this.#watchLog(log.path, log.service)
      this.#add(log, undefined)
      this.#addLife(log, undefined)
    }
  }

  async end(): Promise<void> {
    this.#watch.close()
    await Promise.all(this.#sources.map(({ close }) => close?.()))
  }

  /** Where to begin in each log; undefined: at its start. And since when events are of interest. */
  async #positions(logs: readonly Log[]): Promise<{ positions: (Position | 'nowhere' | undefined)[]; since: string | undefined }> {
    const { last, since, until, matches, follow } = this.#options
    if (last === undefined) {
      const positions = await Promise.all(logs.map((log) => (since === undefined ? undefined : this.#guard(log, () => seekSince(log.path, since)))))
      return { positions, since }
    }
    const readable: Log[] = []
    const ends = new Map<Log, Position | undefined>()
    for (const log of logs) {
      const end = await this.#guard(log, async () => ({ at: await endOf(log.path) }))
      if (end === undefined) continue
      readable.push(log)
      ends.set(log, end.at)
    }
    const starts = await lastLines(readable.map(({ path }) => path), last, { since, until, matches })
    const byLog = new Map(readable.map((log, index) => [log, starts[index]]))
    const positions = logs.map((log) => byLog.get(log) ?? (follow === true ? ends.get(log) : 'nowhere'))
    const places = starts.flatMap((start) => (start === undefined ? [] : [start.place])).sort()
    // Without a line there is nothing to stand between, but for what is yet to come.
    const first = places[0] ?? (follow === true ? labelAt(now()) : afterAll)
    return { positions, since: [first, since ?? ''].sort().at(-1) }
  }

  async #guard<T>(log: Log, attempt: () => Promise<T>): Promise<T | undefined> {
    try {
      return await attempt()
    } catch (error) {
      // Whoever follows waits for what is not there yet; else it will be said when it is read.
      if (this.#options.last !== undefined && this.#options.follow !== true) this.#options.onTrouble?.(log, error)
      return undefined
    }
  }

  #add(log: Log, start: Position | undefined): void {
    const { follow, since, until, matches, onTrouble } = this.#options
    this.#known.add(log.path)
    const source = new LogSource(log.path, { start, isBounded: follow !== true }, { since, until, matches }, (why) => onTrouble?.(log, why))
    this.#sources.push({ log, watched: log.path, source, close: () => source.close() })
  }

  #addLife(log: Log, since: string | undefined): void {
    if (log.service === undefined || this.#options.withoutEvents === true) return
    const { until, matches } = this.#options
    this.#sources.push({ log, watched: lifeOf(log.service), source: new LifeSource(log.service, { since, until, matches }) })
  }

  #watchLog(path: string, service: string | undefined): void {
    this.#watchIf(path)
    if (service !== undefined && this.#options.withoutEvents !== true) this.#watchIf(lifeOf(service))
  }

  #watchIf(path: string): void {
    if (this.#options.follow === true) this.#watch.add(path)
  }
}

/** Where supervise writes what happens to a service. */
function lifeOf(service: string): string {
  return `${service}/supervise`
}

/** Behind every label. */
const afterAll = '@g'

/** Where the next line will be written. */
async function endOf(path: string): Promise<Position | undefined> {
  const last = (await listLog(path)).at(-1)
  return last === undefined ? undefined : { file: last, offset: Number(last.size), place: '' }
}

