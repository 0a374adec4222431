/** A moment of the system's real-time clock. */
export interface Moment {
  /** Since 1970-01-01 00:00:00 UTC, leap seconds not counted. */
  seconds: number
  nanoseconds: number
}

/** How far a clock that was not set back may seem to be, in microseconds: what is not known of it, twice, and some more. */
const tolerance = 3000

/** The real-time clock to the microsecond, from one that counts milliseconds and one that counts microseconds since some moment. All in microseconds. */
export class FineClock {
  #offset: number
  /** What was read last, by both. */
  #last = { elapsed: 0, time: 0 }

  /** @param offset From the fine clock to the real-time one, as far as it is known. */
  constructor(offset: number) {
    this.#offset = offset
  }

  /**
   * Never goes back, but with the real-time clock itself.
   * @param before The real-time clock. @param elapsed The fine one, read after it. @param after The real-time clock, read after that.
   */
  read(before: number, elapsed: number, after: number): number {
    const found = Math.floor(elapsed + this.#offset)
    // What is less than a millisecond is left out of the real-time clock: beyond that, the offset is wrong by so much.
    const possible = Math.min(Math.max(found, before), after + 999)
    this.#offset += possible - found
    const { elapsed: elapsedThen, time: timeThen } = this.#last
    const isAhead = timeThen >= possible && timeThen - possible < tolerance
    // Where it was ahead it goes at half the speed for a while.
    const time = isAhead ? timeThen + (elapsed - elapsedThen) / 2 : possible
    this.#last = { elapsed, time }
    return Math.floor(time)
  }
}

const clock = new FineClock(performance.timeOrigin * 1000)

/**
 * The time now, to the microsecond. Node offers the real-time clock in milliseconds only, so the microseconds come from the monotonic clock, tied to the
 * real-time one by each look at both.
 */
export function now(): Moment {
  let [before, elapsed, after] = [0, 0, 0]
  // If we were kept waiting in between, once more: not for ever, on a busy machine.
  for (let times = 0; times === 0 || (after - before > 1000 && times < 10); times++) [before, elapsed, after] = [Date.now() * 1000, performance.now() * 1000, Date.now() * 1000]
  const microseconds = clock.read(before, elapsed, after)
  const seconds = Math.floor(microseconds / 1e6)
  // 0.76 reads microseconds and adds half of one.
  return { seconds, nanoseconds: (microseconds - seconds * 1e6) * 1000 + 500 }
}

/** Milliseconds on the monotonic clock, the same for every process of this boot. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
