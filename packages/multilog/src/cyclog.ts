/** What a log directory can be asked for. */
export interface Outlet {
  /** Appends to `current`, at least one byte, and tells how many. It does not return before it could. */
  write(bytes: Buffer, start: number, end: number): number
  /** Puts `current` among the old files and begins a new one. */
  rotate(): void
}

const newline = 0x0a
/** The C program's output buffer, in bytes: it decides where files end. */
const chunkLength = 512
/** A file that is this close to its size ends at the next line, in bytes. */
const margin = 2000
/** What we hold at most before write(2), in bytes. */
const heldLength = 65536

const nothing: Buffer = Buffer.alloc(0)
/** Memory that no log uses now: of many logs in one process, few hold text at a time. */
const spare: Buffer[] = []

/**
 * Decides where the files of a log directory end, exactly as multilog.c does. There, text goes through a 512-byte buffer, and what
 * the buffer is emptied into (c_write) cuts what it is given, so a file's end depends on how the text came. Here the same chunks are
 * counted off, but they reach the kernel in bulk, when a file ends or drain() is called.
 */
export class Cyclog {
  readonly #size: number
  readonly #outlet: Outlet
  /** Bytes in `current`, those that we hold and that have been handed over included. */
  #written: number
  /** Bytes since the last one that was handed over: the C program's buffer. At most 512, and the last of those held. */
  #buffered = 0
  /** Nothing, while nothing is held. */
  #held = nothing
  #heldEnd = 0

  constructor(size: number, written: number, outlet: Outlet) {
    this.#size = size
    this.#written = written
    this.#outlet = outlet
  }

  /** As many bytes can be put, in whatever chunks, before it matters how they are chunked. */
  get room(): number {
    return Math.max(0, this.#size - margin - 1 - this.#written - this.#buffered)
  }

  /** Takes text as one unit (buffer_put). */
  put(bytes: Buffer, start: number, end: number): void {
    const length = end - start
    if (length > chunkLength - this.#buffered) {
      this.flush()
      if (length > chunkLength) {
        this.#hold(bytes, start, end)
        this.#handOver(length)
        return
      }
    }
    this.#hold(bytes, start, end)
    this.#buffered += length
  }

  /** Takes text byte by byte (buffer_PUTC). */
  stream(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      if (this.#buffered === chunkLength) this.flush()
      const length = Math.min(end - at, chunkLength - this.#buffered)
      this.#hold(bytes, at, at + length)
      this.#buffered += length
      at += length
    }
  }

  /** The same for a newline: copying a single byte takes as long as a line. */
  endLine(): void {
    if (this.#buffered === chunkLength) this.flush()
    if (this.#heldEnd === heldLength) this.drain()
    if (this.#held === nothing) this.#held = takeMemory()
    this.#held[this.#heldEnd++] = newline
    this.#buffered++
  }

  /** Takes a run of text that is not longer than the room, right after a flush. */
  pass(bytes: Buffer, start: number, end: number): void {
    const length = end - start
    if (length > heldLength - this.#heldEnd) {
      this.drain()
      if (length > heldLength) {
        this.#writeAll(bytes, start, end)
        this.#written += length
        return
      }
    }
    this.#hold(bytes, start, end)
    this.#written += length
  }

  /** The C program is about to read: its buffer is emptied (buffer_flush). */
  flush(): void {
    const length = this.#buffered
    this.#buffered = 0
    if (length > 0) this.#handOver(length)
  }

  /** Leaves nothing that was handed over in memory. */
  drain(): void {
    this.#write(this.#heldEnd - this.#buffered)
  }

  /** Ends the file now, unless it is empty. Right after flush and drain. */
  turn(): void {
    if (this.#written > 0) this.#rotate(0)
  }

  /** The last bytes held are a chunk (c_write, which is called until nothing is left of it). */
  #handOver(length: number): void {
    if (this.#written + length < this.#size - margin) {
      this.#written += length
      return
    }
    for (let left = length; left > 0; ) {
      if (this.#written >= this.#size) this.#rotate(this.#heldEnd - left)
      const start = this.#heldEnd - left
      let end = Math.min(this.#heldEnd, start + this.#size - this.#written)
      if (this.#written + end - start >= this.#size - margin) {
        const last = this.#held.lastIndexOf(newline, end - 1)
        if (last >= start) end = last + 1
      }
      this.#written += end - start
      left -= end - start
      if (this.#written >= this.#size - margin && this.#held[end - 1] === newline) this.#rotate(end)
    }
  }

  /** The file ends with the first so many bytes that are held. */
  #rotate(end: number): void {
    this.#write(end)
    this.#outlet.rotate()
    this.#written = 0
  }

  /** Holds the first so many bytes no longer. */
  #write(end: number): void {
    if (end > 0) this.#writeAll(this.#held, 0, end)
    this.#held.copyWithin(0, end, this.#heldEnd)
    this.#heldEnd -= end
    if (this.#heldEnd > 0 || this.#held === nothing) return
    spare.push(this.#held)
    this.#held = nothing
  }

  #writeAll(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) at += this.#outlet.write(bytes, at, end)
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    if (end - start > heldLength - this.#heldEnd) this.drain()
    if (this.#held === nothing) this.#held = takeMemory()
    bytes.copy(this.#held, this.#heldEnd, start, end)
    this.#heldEnd += end - start
  }
}

function takeMemory(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafe(heldLength)
}
