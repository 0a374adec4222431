/** A moment of the system's real-time clock. */
export interface Moment {
  /** Since 1970-01-01 00:00:00 UTC, leap seconds not counted. */
  seconds: number
  nanoseconds: number
}

/** Offset from the monotonic clock to the real-time clock, in microseconds. */
let offset = performance.timeOrigin * 1000

/** How far the two clocks may be apart before the system's is believed: its resolution, and the time between the two readings. */
const tolerance = 2000

/**
 * The time now, to the microsecond. Node offers the real-time clock in milliseconds only, so the microseconds come from
 * the monotonic clock, tied to the real-time one at start, and again whenever somebody has set it.
 */
export function now(): Moment {
  const elapsed = performance.now() * 1000
  const system = Date.now() * 1000
  let microseconds = Math.floor(elapsed + offset)
  if (Math.abs(microseconds - system) > tolerance) {
    offset = system - elapsed
    microseconds = system
  }
  const seconds = Math.floor(microseconds / 1e6)
  // 0.76 reads microseconds and adds half of one.
  return { seconds, nanoseconds: (microseconds - seconds * 1e6) * 1000 + 500 }
}
