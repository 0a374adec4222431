import * as fs from 'node:fs'
import { errnoOf, isReadable, whenReadable } from '@daemontools-ts/unix'

const EINTR = 4
const EAGAIN = 11
const newline = 0x0a

/** One for all: what a read returns is used before the next. */
const buffer = Buffer.allocUnsafe(65536)

/** What is to be logged, read no further than it is asked for, without touching the flags that others share. */
export class Input {
  readonly #fd: number
  #waiting: Promise<void> | undefined
  /** Whether the last byte that was read ended a line, or nothing has been read. */
  atLineStart = true

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Whether read() will not wait. */
  get ready(): boolean {
    return isReadable(this.#fd)
  }

  /** Resolves when there may be something to read. */
  wait(): Promise<void> {
    // The thread behind an earlier promise is still at it.
    return (this.#waiting ??= whenReadable(this.#fd).then(() => {
      this.#waiting = undefined
    }))
  }

  /** What is there, at most so many bytes, good until the next read of any; empty at the end, as which an error counts; undefined if there is nothing after all. */
  read(most: number): Buffer | undefined {
    let length: number
    try {
      length = fs.readSync(this.#fd, buffer, 0, Math.min(most, buffer.length), null)
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === EINTR || errno === EAGAIN) return undefined
      length = 0
    }
    if (length > 0) this.atLineStart = buffer[length - 1] === newline
    return buffer.subarray(0, length)
  }
}
