/** result.ts. */
import t from 'tap'
import { conclude, type Row } from './result.ts'

const row: Row = { id: 'x', title: 'x', unit: 'ms', better: 'less' }

t.test('ours is compared with the best of the others', async (t) => {
  const cells = { ours: { rounds: [20, 40] }, c: { rounds: [10, 20] }, runit: { rounds: [11, 22] }, s6: { rounds: [] }, limit: { rounds: [1, 1] } }
  const result = conclude(row, cells)
  t.equal(result.best, 'c')
  t.same(result.ratios, { ours: 2 })
  t.same(result.cells.runit?.statistics?.median, 16.5)
  t.equal(result.cells.s6?.statistics, undefined)
  t.equal(conclude({ ...row, better: 'more' }, cells).best, 'runit', 'where more is better, it is the most')
})

t.test('without anybody else there is no ratio', async (t) => {
  const result = conclude(row, { ours: { rounds: [1] }, c: { rounds: [], why: 'it cannot' } })
  t.equal(result.best, undefined)
  t.same(result.ratios, {})
  t.match(result.cells.c, { why: 'it cannot' })
})
