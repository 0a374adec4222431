import { LineStamper } from '@daemontools-ts/tai64'
import type { Cyclog } from './cyclog.ts'
import { Lines } from './line.ts'
import type { Selection } from './selection.ts'

/** The C program reads this much at a time, in bytes, and empties its buffers in between. */
const pieceLength = 1024
/** We read this many of them at most. The first read takes one, because cold code is slow and a kill -9 meanwhile loses what was read; each next, twice as many. */
const mostPieces = 64

/**
 * Takes the input from where it is read to the logs: stamps it, cuts it into lines, and has them put. Where files end is decided in
 * pieces of 1024 bytes, counted from the beginning of each read, because that is what the C program reads.
 */
export class Intake {
  readonly #selection: Selection
  readonly #logs: readonly Cyclog[]
  readonly #label: (() => string) | undefined
  readonly #stamper = new LineStamper()
  readonly #lines = new Lines()
  readonly #everything: boolean
  #warmth = 1
  /** Bytes logged for each one read, lately. */
  #growth = 1
  readonly #pass = (bytes: Buffer, start: number, end: number): void => {
    for (const log of this.#logs) log.pass(bytes, start, end)
  }

  /** @param label The label of now, if lines are to have one. */
  constructor(selection: Selection, logs: readonly Cyclog[], label?: () => string) {
    this.#selection = selection
    this.#everything = selection.everything
    this.#logs = logs
    this.#label = label
  }

  /**
   * How many bytes to read next. As many as fill no file, if our guess is right; then pieces: when a processor or a full disk makes us
   * wait in the middle of what we have read, we have hardly more in memory than the C program.
   */
  get appetite(): number {
    const pieces = Math.floor(this.#room() / this.#growth / pieceLength)
    return pieceLength * Math.max(1, Math.min(this.#warmth, pieces))
  }

  /** Takes what one read returned. When it is done, every complete line has been written. */
  take(input: Buffer): void {
    this.#warmth = Math.min(mostPieces, this.#warmth * 2)
    if (!this.#takeWhole(input)) {
      for (let at = 0; at < input.length; at += pieceLength) this.#takePiece(input.subarray(at, at + pieceLength))
    }
    for (const log of this.#logs) log.drain()
  }

  finish(): void {
    this.#lines.finish(this.#selection)
    for (const log of this.#logs) {
      log.flush()
      log.drain()
    }
  }

  /** The short way, if no file can end in this input. */
  #takeWhole(input: Buffer): boolean {
    const room = this.#room()
    if (input.length > room) return false
    const { atLineStart } = this.#stamper
    const text = this.#stamp(input)
    if (text.length <= room) {
      this.#takeFreely(text)
      return true
    }
    this.#stamper.atLineStart = atLineStart
    return false
  }

  #takePiece(piece: Buffer): void {
    const text = this.#stamp(piece)
    if (text.length <= this.#room()) {
      this.#takeFreely(text)
    } else {
      this.#lines.take(text, this.#selection)
      for (const log of this.#logs) log.flush()
    }
  }

  #takeFreely(text: Buffer): void {
    if (this.#everything) {
      this.#lines.skim(text, this.#pass)
    } else {
      this.#lines.take(text, this.#selection)
      for (const log of this.#logs) log.flush()
    }
  }

  #stamp(input: Buffer): Buffer {
    if (this.#label === undefined) return input
    const text = this.#stamper.stamp(input, this.#label())
    this.#growth = text.length / input.length
    return text
  }

  /** What every log has room for, less what the line in memory will add to it. */
  #room(): number {
    let room = Infinity
    for (const log of this.#logs) room = Math.min(room, log.room)
    return room - this.#lines.remembered
  }
}
