/** supervise/death_tally, in the format of s6, whose s6-svdt and s6-permafailon read it: the last ends of a service, oldest first. */
import { packLabel, type Tai64n } from '@daemontools-ts/tai64'
import type { Ending } from '@daemontools-ts/unix'

/**
 * s6 counts the leap seconds that its C library knows, djb's programs none: there have been 27 up to 2017 (IERS Bulletin C), and none since.
 * Without them s6-permafailon would see each end half a minute late.
 */
const leapSeconds = 27n

/** Bytes of one entry: a label of 12, the exit code, the number of the signal that killed it. */
const entryLength = 14

/** The tally with one more end, at most `most` entries. A tally that was cut within an entry loses that. */
export function addToTally(tally: Uint8Array, at: Tai64n, ending: Ending, most: number): Buffer {
  const whole = tally.subarray(0, tally.length - (tally.length % entryLength))
  const kept = whole.subarray(Math.max(0, whole.length - (most - 1) * entryLength))
  return Buffer.concat([kept, packLabel({ ...at, tai: at.tai + leapSeconds }), Buffer.from(endingBytes(ending))])
}

function endingBytes(ending: Ending): [code: number, signal: number] {
  if (ending === 'unknown') return [0, 0]
  return 'code' in ending ? [ending.code, 0] : [0, ending.signal]
}
