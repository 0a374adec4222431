import fc from 'fast-check'
import t from 'tap'
import { type Column, layOut } from '../src/table.ts'
import { widthOf } from '../src/text.ts'

const columns: Column[] = [{ title: 'NAME', rank: 0 }, { title: 'WHY', rank: 1, least: 6, fewest: 3 }, { title: 'N', rank: 2, align: 'right' }]
const rows = [['one', 'because of it', '1'], ['three', 'so', '1000']].map((row) => row.map((text) => ({ text })))

t.test('layOut: as wide as it is, cut, and then without the least important columns', async (t) => {
  t.same(layOut(columns, rows, Infinity), ['NAME   WHY               N', 'one    because of it     1', 'three  so             1000'])
  t.same(layOut(columns, rows, 20), ['NAME   WHY         N', 'one    becaus…     1', 'three  so       1000'])
  t.same(layOut(columns, rows, 18), ['NAME   WHY', 'one    because of…', 'three  so'])
  t.same(layOut(columns, rows, 10), ['NAME   WHY', 'one    be…', 'three  so'])
  t.same(layOut(columns, rows, 9), ['NAME', 'one', 'three'])
  t.same(layOut(columns, rows, 3), ['NA…', 'one', 'th…'])
})

t.test('layOut: paint changes no width', async (t) => {
  t.same(layOut([{ title: 'A', rank: 0 }, { title: 'B', rank: 0 }], [[{ text: 'x', paint: (text) => `<${text}>` }, { text: 'y' }]], 80), ['A  B', '<x>  y'])
})

t.test('layOut: never wider than the terminal, and no row is lost', async () => {
  const cells = fc.array(fc.tuple(fc.string(), fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 5 })
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 60 }), (all, width) => {
      const lines = layOut(columns, all.map((row) => row.map((text) => ({ text }))), width)
      return lines.length === all.length + 1 && lines.every((line) => widthOf(line) <= width)
    }),
  )
})
