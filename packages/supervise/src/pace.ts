/** When a service that has ended is started again, as a pure function. */
import type { Policy } from '@daemontools-ts/servicedir'

/** A service is started at most once in this time by itself; supervise.c sleeps for it. */
export const paceMilliseconds = 1000
/** How much shorter than its delay a pause may be, as a part of it: so that services that fail together do not start together. */
const jitter = 0.2

/**
 * A second after the last start, or what `restart-delay` asks for: its first delay, doubled each time, until it has run for the greatest.
 * @param past When it was last started, and the delay before that start. @param now All are milliseconds. @param random From 0 to 1.
 */
export function nextStart(past: { started: number; delay: number }, now: number, random: number, restartDelay: Policy['restartDelay']): { delay: number; notBefore: number } {
  const earliest = past.started + paceMilliseconds
  if (restartDelay === undefined) return { delay: 0, notBefore: earliest }
  const { first, greatest } = restartDelay
  const ranLong = now - past.started >= greatest
  const delay = past.delay === 0 || ranLong ? first : Math.min(greatest, Math.max(first, past.delay * 2))
  return { delay, notBefore: Math.max(earliest, now + delay * (1 - jitter * random)) }
}
