import { formatLabel, fromUnix } from '@daemontools-ts/tai64'
import type { Moment } from '@daemontools-ts/unix'

const newline = 0x0a
const digits = Buffer.from('0123456789abcdef')
/** `@`, 24 digits and a space. */
const stampLength = 26

/** Puts a timestamp before each line of a stream, in whatever pieces it comes; the time is that of the line's first byte. */
export class Stamper {
  readonly #now: () => Moment
  readonly #stamp = Buffer.alloc(stampLength, ' ')
  /** The second that the stamp's first 17 characters say. */
  #seconds = -1
  #atStart = true
  #out = Buffer.alloc(0)

  constructor(now: () => Moment) {
    this.#now = now
  }

  /** The stamped bytes; they are good until the next call. */
  take(bytes: Uint8Array): Buffer {
    const most = bytes.length * (stampLength + 1)
    if (this.#out.length < most) this.#out = Buffer.allocUnsafe(most)
    const out = this.#out
    const stamp = this.#stamp
    let length = 0
    let atStart = this.#atStart
    for (let at = 0; at < bytes.length; ) {
      if (atStart) {
        this.#tick()
        for (let i = 0; i < stampLength; i++) out[length++] = stamp[i]!
      }
      let byte: number
      do {
        byte = bytes[at++]!
        out[length++] = byte
      } while (byte !== newline && at < bytes.length)
      atStart = byte === newline
    }
    this.#atStart = atStart
    return out.subarray(0, length)
  }

  #tick(): void {
    const { seconds, nanoseconds } = this.#now()
    if (seconds !== this.#seconds) {
      this.#seconds = seconds
      this.#stamp.write(formatLabel(fromUnix(seconds, 0)), 'latin1')
    }
    for (let i = 0; i < 8; i++) this.#stamp[24 - i] = digits[(nanoseconds >>> (4 * i)) & 15]!
  }
}
