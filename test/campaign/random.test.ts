/** random.ts. Not tested: how random it is beyond what a campaign needs. */
import t from 'tap'
import { randomFrom, shuffle } from './random.ts'

const take = (seed: number, count: number): number[] => Array.from({ length: count }, randomFrom(seed))

t.test('a seed always gives the same numbers, another seed others', async (t) => {
  t.same(take(7, 100), take(7, 100))
  t.same(take(7, 3).map((number) => number.toFixed(6)), ['0.890451', '0.359014', '0.294224'], 'as on every machine')
  const first = Array.from({ length: 1000 }, (_, seed) => take(seed, 1)[0])
  t.equal(new Set(first).size, 1000, 'a thousand seeds begin with a thousand numbers')
})

t.test('the numbers fill 0 to 1 evenly, 1 left out', async (t) => {
  const numbers = take(1, 100_000)
  t.ok(numbers.every((number) => number >= 0 && number < 1))
  const tenths = new Array<number>(10).fill(0)
  for (const number of numbers) tenths[Math.floor(number * 10)]!++
  t.ok(tenths.every((count) => count > 9500 && count < 10_500), tenths.join(' '))
})

t.test('shuffle keeps every item, and every item gets everywhere', async (t) => {
  const random = randomFrom(3)
  const seen = new Set<string>()
  for (let n = 0; n < 200; n++) seen.add(shuffle(['a', 'b', 'c'], random).join(''))
  t.same([...seen].sort(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
})
