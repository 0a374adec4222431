import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { nextStart } from '../src/pace.ts'

const moments = fc.nat(1_000_000_000)
const delays = fc.tuple(fc.integer({ min: 1, max: 86_400_000 }), fc.nat(86_400_000)).map(([first, more]) => ({ first, greatest: first + more }))
const chances = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))

t.test('nextStart: without restart-delay, a second after the last start', async () => {
  fc.assert(
    fc.property(moments, moments, moments, chances, (started, elapsed, delay, random) => {
      assert.deepEqual(nextStart({ started, delay }, started + elapsed, random, undefined), { delay: 0, notBefore: started + 1000 })
    }),
  )
})

t.test('nextStart: the first delay, doubled each time, up to the greatest', async (t) => {
  const delay = (past: number, ran: number) => nextStart({ started: 0, delay: past }, ran, 0, { first: 500, greatest: 3000 }).delay
  t.strictSame([0, 500, 1000, 2000, 3000].map((past) => delay(past, 10)), [500, 1000, 2000, 3000, 3000])
  t.equal(delay(2000, 2999), 3000)
  t.equal(delay(2000, 3000), 500, 'it has run for the greatest: it has recovered')
  t.equal(delay(10, 10), 500, 'the file has changed meanwhile')
})

t.test('nextStart: a delay after the end, up to a fifth shorter, but never within a second of the last start', async () => {
  fc.assert(
    fc.property(moments, moments, moments, chances, delays, (started, elapsed, past, random, restartDelay) => {
      const now = started + elapsed
      const { delay, notBefore } = nextStart({ started, delay: past }, now, random, restartDelay)
      assert.ok(delay >= restartDelay.first && delay <= restartDelay.greatest)
      assert.ok(notBefore >= started + 1000)
      assert.ok(notBefore >= now + delay * 0.8 - 1e-6 && notBefore <= Math.max(started + 1000, now + delay))
    }),
  )
})

t.test('nextStart: services that fail together are not started together', async (t) => {
  const start = (random: number) => nextStart({ started: 0, delay: 0 }, 5000, random, { first: 10_000, greatest: 60_000 }).notBefore
  t.strictSame([0, 0.5, 1].map(start), [15_000, 14_000, 13_000])
})
