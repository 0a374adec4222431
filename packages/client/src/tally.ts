/** supervise/death_tally, read: docs/protocol.md. */
import { unpackLabel } from '@daemontools-ts/tai64'
import { millisecondsOf } from './moment.ts'

const entryLength = 14
/** As many leap seconds as s6 counts, and djb does not: packages/servicedir's tally.ts. */
const leapMilliseconds = 27_000

/** How many ends of the tally were after that moment, Unix time in milliseconds. */
export function endsSince(tally: Uint8Array, since: number): number {
  let count = 0
  for (let at = 0; at + entryLength <= tally.length; at += entryLength) {
    if (millisecondsOf(unpackLabel(tally.subarray(at, at + entryLength))) - leapMilliseconds >= since) count++
  }
  return count
}
