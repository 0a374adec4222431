import { toExactUnix } from '@daemontools-ts/tai64'
import { isHexDigit, readWord, writeNanoseconds } from './digits.ts'

const newline = 0x0a
const at = 0x40
/** `@` and 24 digits. */
const labelLength = 25

/** `YYYY-MM-DD HH:MM:SS` for a Unix time, undefined where the calendar ends. */
export type Tell = (seconds: bigint) => string | undefined

/** A second of TAI as the two words of its label, and as local time with a dot behind it, undefined where the calendar ends. */
interface Second {
  high: number
  low: number
  text: Buffer | undefined
}

/**
 * Turns the label at the start of each line of a stream into local time, `YYYY-MM-DD HH:MM:SS.nnnnnnnnn`. What only looks like a label is
 * left as it is; tai64nlocal.c crashes on it (docs/deviations.md).
 */
export class LineLocalizer {
  readonly #tell: Tell
  /** The bytes of a line so far that may yet become a label. */
  #start: Buffer = Buffer.alloc(0)
  #atLineStart = true
  #out = Buffer.alloc(0)
  #length = 0
  /** The one that was asked for last: lines of a log share theirs. */
  #second: Second | undefined

  /** @param tell The clock and the calendar. */
  constructor(tell: Tell) {
    this.#tell = tell
  }

  /** The next piece, with the labels translated that are complete; it is good until the next call. */
  localize(piece: Buffer): Buffer {
    const input = this.#start.length > 0 ? Buffer.concat([this.#start, piece]) : piece
    this.#start = Buffer.alloc(0)
    this.#begin(input)
    for (let start = 0; start < input.length; ) {
      const found = input.indexOf(newline, start)
      const end = found === -1 ? input.length : found + 1
      let rest = start
      if (this.#atLineStart && input[start] === at) {
        // One byte more than a label: in the middle of digits nothing is decided.
        if (found === -1 && end - start <= labelLength) {
          this.#start = Buffer.from(input.subarray(start))
          break
        }
        rest = this.#translate(input, start, end)
      }
      this.#length += input.copy(this.#out, this.#length, rest, end)
      this.#atLineStart = found !== -1
      start = end
    }
    return this.#out.subarray(0, this.#length)
  }

  /** What was held back when the input ends: a label without a newline. */
  end(): Buffer {
    const input = this.#start
    this.#begin(input)
    const rest = this.#translate(input, 0, input.length)
    this.#length += input.copy(this.#out, this.#length, rest)
    return this.#out.subarray(0, this.#length)
  }

  /** No label becomes twice as long: a year has ten digits at most. */
  #begin(input: Buffer): void {
    this.#length = 0
    if (this.#out.length < 2 * input.length) this.#out = Buffer.allocUnsafe(2 * input.length)
  }

  /** Writes the time of the label that a line begins with, and returns where its text goes on: at its start if it has no label. */
  #translate(input: Buffer, start: number, end: number): number {
    const after = start + labelLength
    // One digit more makes it something else than a TAI64N label.
    if (after > end || (after < end && isHexDigit(input[after]!))) return start
    const high = readWord(input, start + 1)
    const low = readWord(input, start + 9)
    const nanoseconds = readWord(input, start + 17)
    if (high < 0 || low < 0 || nanoseconds < 0) return start
    if (this.#second?.low !== low || this.#second.high !== high) this.#second = this.#ask(high, low)
    const { text } = this.#second
    if (text === undefined) return start
    this.#length += text.copy(this.#out, this.#length)
    this.#length += writeNanoseconds(nanoseconds, this.#out, this.#length)
    return after
  }

  #ask(high: number, low: number): Second {
    const tai = (BigInt(high) << 32n) | BigInt(low)
    const local = this.#tell(toExactUnix({ tai, nanoseconds: 0 }))
    return { high, low, text: local === undefined ? undefined : Buffer.from(`${local}.`) }
  }
}
