/** What is remembered of a line while it is incomplete, and what patterns, `e` and `=` see of it, in bytes. */
export const lineMemory = 1000

const newline = 0x0a

/** Hears the lines. The bytes belong to the caller: they are to be used at once. */
export interface LineSink {
  /** A line without its newline, or the first 1000 bytes of one that may be longer. */
  line(bytes: Buffer, start: number, end: number): void
  /** More of that line. */
  more(bytes: Buffer, start: number, end: number): void
  /** Its newline, or the end of the input instead. */
  end(): void
}

/**
 * Cuts a stream into lines, in whatever pieces it comes (multilog.c, doit). At any moment, either the beginning of a line is
 * remembered, or a long one is under way: its first 1000 bytes have been told, and the rest is passed on as it comes.
 */
export class Lines {
  readonly #memory = Buffer.alloc(lineMemory)
  #remembered = 0
  #long = false

  /** Bytes of an incomplete line that nobody has heard of yet. */
  get remembered(): number {
    return this.#remembered
  }

  take(bytes: Buffer, sink: LineSink): void {
    let at = 0
    while (at < bytes.length) {
      const found = bytes.indexOf(newline, at)
      const stop = found === -1 ? bytes.length : found
      if (this.#long) {
        if (stop > at) sink.more(bytes, at, stop)
        if (found === -1) return
        sink.end()
        this.#long = false
        at = found + 1
        continue
      }
      const full = at + lineMemory - this.#remembered
      if (stop >= full) {
        this.#tell(bytes, at, full, sink)
        this.#long = true
        at = full
        continue
      }
      if (found === -1) {
        this.#remember(bytes, at, stop)
        return
      }
      this.#tell(bytes, at, stop, sink)
      sink.end()
      at = found + 1
    }
  }

  /**
   * The same for a reader that does not care where the lines are: hands on everything that take() would have told, in at most
   * two runs, newlines included.
   */
  skim(bytes: Buffer, pass: (bytes: Buffer, start: number, end: number) => void): void {
    const told = bytes.lastIndexOf(newline) + 1
    let rest = bytes.length - told
    if (told > 0) this.#long = false
    else rest += this.#remembered
    if (!this.#long && rest >= lineMemory) this.#long = true
    const stop = this.#long ? bytes.length : told
    if (stop > 0 && this.#remembered > 0) {
      pass(this.#memory, 0, this.#remembered)
      this.#remembered = 0
    }
    if (stop > 0) pass(bytes, 0, stop)
    this.#remember(bytes, stop, bytes.length)
  }

  /** The input has ended: a line without newline gets one. */
  finish(sink: LineSink): void {
    if (this.#remembered > 0) this.#tell(this.#memory, 0, 0, sink)
    else if (!this.#long) return
    this.#long = false
    sink.end()
  }

  #tell(bytes: Buffer, start: number, end: number, sink: LineSink): void {
    if (this.#remembered === 0) return sink.line(bytes, start, end)
    this.#remember(bytes, start, end)
    const length = this.#remembered
    this.#remembered = 0
    sink.line(this.#memory, 0, length)
  }

  #remember(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#memory, this.#remembered, start, end)
    this.#remembered += end - start
  }
}
