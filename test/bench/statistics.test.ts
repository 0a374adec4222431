/** statistics.ts. */
import fc from 'fast-check'
import t from 'tap'
import { quantile, ratio, summarize } from './statistics.ts'

const values = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 50 })

t.test('quantiles as R and numpy give them', async (t) => {
  t.equal(quantile([1, 2, 3, 4], 0.25), 1.75)
  t.equal(quantile([4, 3, 2, 1], 0.5), 2.5)
  t.equal(quantile([15, 20, 35, 40, 50], 0.4), 29)
  t.equal(quantile([7], 0.99), 7)
  t.throws(() => quantile([], 0.5), { message: 'quantile: expected at least one value, got none' })
})

t.test('nothing has no statistics', async (t) => {
  t.equal(summarize([]), undefined)
  t.same(summarize([10, 9, 2]), { median: 9, lowerQuartile: 5.5, upperQuartile: 9.5 })
})

t.test('the quartiles lie around the median, within the values, in whatever order these come', async () => {
  fc.assert(
    fc.property(values, (values) => {
      const { median, lowerQuartile, upperQuartile } = summarize(values)!
      const again = summarize([...values].reverse())!
      return Math.min(...values) <= lowerQuartile && lowerQuartile <= median && median <= upperQuartile && upperQuartile <= Math.max(...values) && again.median === median
    }),
  )
})

t.test('at least half of the values are not above the median, and half not below', async () => {
  fc.assert(
    fc.property(values, (values) => {
      const middle = quantile(values, 0.5)
      const half = values.length / 2
      return values.filter((value) => value <= middle).length >= half && values.filter((value) => value >= middle).length >= half
    }),
  )
})

t.test('a ratio is taken round by round', async (t) => {
  t.equal(ratio([10, 20, 30], [5, 10, 15]), 2)
  t.equal(ratio([10, 2000, 30], [10, 1000, 10]), 2, 'a slow moment of the machine is in both')
  t.equal(ratio([10, null, 30, 5], [null, 1, 10]), 3, 'only where both have a value')
  t.equal(ratio([1], [0]), undefined)
  t.equal(ratio([], [1]), undefined)
})

t.test('a ratio does not change when the machine is slower in a round', async () => {
  const round = fc.record({ one: fc.integer({ min: 1, max: 1000 }), other: fc.integer({ min: 1, max: 1000 }), slowness: fc.integer({ min: 1, max: 64 }) })
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 20 }), (rounds) => {
      const quiet = ratio(rounds.map(({ one }) => one), rounds.map(({ other }) => other))!
      const noisy = ratio(rounds.map(({ one, slowness }) => one * slowness), rounds.map(({ other, slowness }) => other * slowness))!
      return Math.abs(quiet - noisy) <= quiet * 1e-12
    }),
  )
})
