import { addToTally } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { endsSince } from '../src/tally.ts'

t.test('endsSince: counts what supervise wrote', async (t) => {
  let tally: Uint8Array = Buffer.alloc(0)
  for (const seconds of [1000, 1010, 1020]) tally = addToTally(tally, fromUnix(seconds, 0), { code: 1 }, 10)
  t.equal(endsSince(tally, 0), 3)
  t.equal(endsSince(tally, 1_010_000), 2)
  t.equal(endsSince(tally, 1_020_001), 0)
  t.equal(endsSince(tally.subarray(0, 27), 0), 1, 'an entry that is cut is none')
})
