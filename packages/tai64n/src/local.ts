import { parseLabel, toExactUnix } from '@daemontools-ts/tai64'

const newline = 0x0a
const at = 0x40
/** `@` and 24 digits. */
const labelLength = 25

/** `YYYY-MM-DD HH:MM:SS` for a Unix time, undefined where the calendar ends. */
export type Tell = (seconds: bigint) => string | undefined

/**
 * Turns the label at the start of each line of a stream into local time, `YYYY-MM-DD HH:MM:SS.nnnnnnnnn`. What only looks like a label is
 * left as it is; tai64nlocal.c crashes on it (docs/deviations.md).
 */
export class LineLocalizer {
  readonly #tell: Tell
  /** The bytes of a line so far that may yet become a label. */
  #start: Buffer = Buffer.alloc(0)
  #atLineStart = true

  /** @param tell The clock and the calendar. */
  constructor(tell: Tell) {
    this.#tell = tell
  }

  /** The next piece, with the labels translated that are complete. */
  localize(piece: Buffer): Buffer {
    const input = this.#start.length > 0 ? Buffer.concat([this.#start, piece]) : piece
    this.#start = Buffer.alloc(0)
    const out: Buffer[] = []
    for (let start = 0; start < input.length; ) {
      const found = input.indexOf(newline, start)
      const end = found === -1 ? input.length : found + 1
      let line = input.subarray(start, end)
      if (this.#atLineStart && line[0] === at) {
        // One byte more than a label: in the middle of digits nothing is decided.
        if (found === -1 && line.length <= labelLength) {
          this.#start = Buffer.from(line)
          break
        }
        line = this.#translate(line)
      }
      out.push(line)
      this.#atLineStart = found !== -1
      start = end
    }
    return Buffer.concat(out)
  }

  /** What was held back when the input ends: a label without a newline. */
  end(): Buffer {
    return this.#translate(this.#start)
  }

  #translate(line: Buffer): Buffer {
    const following = line[labelLength]
    const label = parseLabel(line.toString('latin1', 0, labelLength))
    if (label === undefined || (following !== undefined && isDigit(following))) return line
    const local = this.#tell(toExactUnix(label))
    if (local === undefined) return line
    const time = `${local}.${String(label.nanoseconds).padStart(9, '0')}`
    return Buffer.concat([Buffer.from(time), line.subarray(labelLength)])
  }
}

/** A lower-case hexadecimal digit: one more makes it something else than a TAI64N label. */
function isDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
}
