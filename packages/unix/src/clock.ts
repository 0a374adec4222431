/** A moment of the system's real-time clock. */
export interface Moment {
  /** Since 1970-01-01 00:00:00 UTC, leap seconds not counted. */
  seconds: number
  nanoseconds: number
}

/** Offset from the monotonic clock to the real-time clock, in microseconds. */
let offset = performance.timeOrigin * 1000

/** How far the two clocks may be apart before the system's is believed, in microseconds: its resolution. */
const tolerance = 1000

/**
 * The time now, to the microsecond. Node offers the real-time clock in milliseconds only, so the microseconds come from
 * the monotonic clock, tied to the real-time one at start, and again whenever somebody has set it. In between it never goes back.
 */
export function now(): Moment {
  // Read on both sides: we may be kept waiting in between.
  const before = Date.now() * 1000
  const elapsed = performance.now() * 1000
  const after = Date.now() * 1000
  let microseconds = Math.floor(elapsed + offset)
  if (microseconds < before - tolerance || microseconds > after + 1000 + tolerance) {
    offset = after - elapsed
    microseconds = after
  }
  const seconds = Math.floor(microseconds / 1e6)
  // 0.76 reads microseconds and adds half of one.
  return { seconds, nanoseconds: (microseconds - seconds * 1e6) * 1000 + 500 }
}

/** Milliseconds on the monotonic clock, the same for every process of this boot. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
