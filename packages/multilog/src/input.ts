import * as fs from 'node:fs'
import { errnoOf, isReadable, whenReadable } from '@daemontools-ts/unix'

const EINTR = 4
const EAGAIN = 11
const newline = 0x0a

/** Standard input, read no further than it is asked for, without touching the flags that others share. */
export class Input {
  readonly #buffer = Buffer.allocUnsafe(65536)
  #waiting: Promise<void> | undefined
  /** Whether the last byte that was read ended a line, or nothing has been read. */
  atLineStart = true

  /** Whether read() will not wait. */
  get ready(): boolean {
    return isReadable(0)
  }

  /** Resolves when there may be something to read. */
  wait(): Promise<void> {
    // The thread behind an earlier promise is still at it.
    return (this.#waiting ??= whenReadable(0).then(() => {
      this.#waiting = undefined
    }))
  }

  /** What is there, at most so many bytes; empty at the end, as which an error counts; undefined if there is nothing after all. */
  read(most: number): Buffer | undefined {
    let length: number
    try {
      length = fs.readSync(0, this.#buffer, 0, Math.min(most, this.#buffer.length), null)
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === EINTR || errno === EAGAIN) return undefined
      length = 0
    }
    if (length > 0) this.atLineStart = this.#buffer[length - 1] === newline
    return this.#buffer.subarray(0, length)
  }
}
