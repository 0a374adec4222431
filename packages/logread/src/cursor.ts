import { Glance, isGone, listLog, LogFile } from './disk.ts'
import { type Entry, isSameFile, labelOf } from './files.ts'
import { beginsWithLabel, type Line, LineReader } from './line.ts'

/** A line of a log directory: where it begins, and the place that it has if it is not labelled. */
export interface Position {
  file: Pick<Entry, 'device' | 'inode'>
  offset: number
  place: string
}

export interface CursorOptions {
  /** Where to begin; default: at the first line that there is. */
  start?: Position | undefined
  /** Files that hold only later lines are not opened. */
  until?: string | undefined
  /** It ends with the `current` that there is at the beginning. */
  isBounded: boolean
}

/**
 * Reads a log directory while its logger goes on writing and rotating: each line once. The file at hand stays open, so that it cannot be
 * missed when it is renamed or removed, nor its inode mistaken for a later file's.
 */
export class Cursor {
  readonly path: string
  readonly #options: CursorOptions
  readonly #reader = new LineReader()
  #file: LogFile | undefined
  /** What comes after the file at hand, to be opened when that is read to its end. */
  #next: Entry | undefined
  /** Names of old files that are behind us. */
  #passed = new Set<string>()
  /** The last one to be read, if there is one. */
  #last: Entry | undefined
  #hasEnded = false
  /** Since the file at hand was removed, until we are at `current` again: what was read before. A processor's copies of that are among what comes. */
  #readThrough: string | undefined
  /** The file is such a copy. */
  #isCopy = false
  #isFirstOfFile = true
  #hasProcessor = false
  readonly #glance = new Glance()
  /** The label at which the file before this one was ended. */
  #fileEnd = ''

  constructor(path: string, options: CursorOptions) {
    this.path = path
    this.#options = options
  }

  /** The next lines; undefined at the end, as it is now. Throws what the system says if the directory cannot be read. */
  async read(): Promise<Line[] | undefined> {
    if (this.#file === undefined && !this.#hasEnded) await this.#begin()
    while (!this.#hasEnded && this.#file !== undefined) {
      const piece = await this.#file.read()
      if (piece !== '') {
        const lines = this.#leaveOutCopies(this.#take(piece))
        if (lines.length > 0) return lines
      } else if (this.#next === undefined) {
        if (this.#isAtLast()) return this.#end()
        this.#next = await this.#look()
        // Its last lines may have been written between our look at it and that at the directory.
        if (this.#next === undefined) return this.#options.isBounded ? this.#end() : undefined
      } else {
        const lines = await this.#switch(this.#next)
        if (this.#hasEnded || lines.length > 0) return lines.length > 0 ? lines : undefined
      }
    }
    return undefined
  }

  async close(): Promise<void> {
    this.#hasEnded = true
    await this.#file?.close()
    this.#file = undefined
  }

  async #begin(): Promise<void> {
    const { start, isBounded } = this.#options
    for (let attempt = 0; ; attempt++) {
      const files = await listLog(this.path)
      if (isBounded) this.#last = files.at(-1)
      const found = start === undefined ? 0 : files.findIndex((file) => isSameFile(file, start.file))
      const index = Math.max(0, found)
      const first = files[index]
      if (first === undefined) return
      try {
        this.#file = await LogFile.open(this.path, first, found === -1 ? 0 : start?.offset)
        this.#passed = namesOf(files.slice(0, index + 1))
        this.#reader.place = start !== undefined && found !== -1 ? start.place : labelOf(files[index - 1]?.name ?? '')
        return
      } catch (error) {
        if (!isGone(error) || attempt > 100) throw error
      }
    }
  }

  #isAtLast(): boolean {
    return this.#last !== undefined && isSameFile(this.#file!.entry, this.#last)
  }

  #end(): Line[] | undefined {
    this.#hasEnded = true
    const lines = this.#leaveOutCopies(this.#reader.end())
    return lines.length > 0 ? lines : undefined
  }

  /** The file that comes after the one at hand, undefined if there is none yet. */
  async #look(): Promise<Entry | undefined> {
    let files: Entry[]
    try {
      if (await this.#glance.isAsBefore(this.path)) return undefined
      files = await listLog(this.path)
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
    const index = files.findIndex((file) => isSameFile(file, this.#file!.entry))
    this.#hasProcessor ||= files.some(({ name }) => name === 'processed')
    if (index !== -1) this.#passed = namesOf(files.slice(0, index + 1))
    const next = index === -1 ? files.find(({ name }) => !this.#passed.has(name)) : files[index + 1]
    if (next !== undefined) this.#glance.forget()
    return next
  }

  async #switch(next: Entry): Promise<Line[]> {
    const old = this.#file!
    this.#next = undefined
    try {
      const files = await listLog(this.path)
      // What the file that we leave is called by now tells when it was left.
      const name = files.find((file) => isSameFile(file, old.entry))?.name
      const end = labelOf(name ?? '')
      if (this.#options.until !== undefined && end > this.#options.until) return this.#end() ?? []
      this.#file = await LogFile.open(this.path, next)
      for (const passed of [name, next.name]) if (passed?.startsWith('@') === true) this.#passed.add(passed)
      if (next.name === 'current') this.#readThrough = undefined
      else if (name === undefined) this.#readThrough = [this.#readThrough ?? '', this.#reader.place].sort().at(-1)
      this.#isCopy = false
      this.#isFirstOfFile = true
      this.#fileEnd = end
    } catch (error) {
      if (isGone(error)) return [] // it has another name by now, or is gone: we look again
      throw error
    }
    await old.close()
    return []
  }

  #take(piece: string): Line[] {
    if (!this.#isFirstOfFile || this.#file!.offset > piece.length) return this.#reader.read(piece)
    // A line that was too long for the last file goes on in this one; one that was cut off by the end of the logger does not.
    const rest = this.#reader.isInLine && beginsWithLabel(piece.slice(0, 26)) ? this.#reader.end() : []
    if (!this.#reader.isInLine && this.#fileEnd !== '') this.#reader.place = this.#fileEnd
    return [...rest, ...this.#reader.read(piece)]
  }

  /** A copy of what we have read under its first name is known by its labels. */
  #leaveOutCopies(lines: Line[]): Line[] {
    const through = this.#readThrough
    if (this.#isFirstOfFile && lines.length > 0) {
      this.#isFirstOfFile = false
      const first = lines.find(({ isLabelled }) => isLabelled)?.place ?? ''
      this.#isCopy = through !== undefined && (first < through || (first === through && this.#hasProcessor))
    }
    return this.#isCopy ? lines.filter(({ place }) => place > through!) : lines
  }
}

function namesOf(files: readonly Entry[]): Set<string> {
  return new Set(files.map(({ name }) => name).filter((name) => name.startsWith('@')))
}
