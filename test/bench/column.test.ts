/** column.ts. */
import fc from 'fast-check'
import t from 'tap'
import { order } from './column.ts'

t.test('a round has everybody in it, and the same ones after each other', async (t) => {
  t.same([0, 1, 2, 3].map((round) => order(['a', 'b', 'c'], round).join('')), ['abc', 'bca', 'cab', 'abc'])
  t.same(order([], 3), [])
})

t.test('as many rounds as there are columns give everybody every place once', async () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 8 }), fc.nat(100), (all, from) => {
      const rounds = all.map((_, index) => order(all, from + index))
      return all.every((one) => new Set(rounds.map((round) => round.indexOf(one))).size === all.length)
    }),
  )
})
