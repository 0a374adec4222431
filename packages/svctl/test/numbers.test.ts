import t from 'tap'
import { percent, size } from '../src/numbers.ts'

t.test('size, percent: as people read them', async (t) => {
  t.same([0, 512 * 1024, 1_600_000, 12_900_000, 1.5 * 2 ** 30, 999.7 * 1024].map(size), ['0K', '512K', '1.5M', '12M', '1.5G', '1.0M'])
  t.same([0, 0.04, 0.4, 9.94, 12.3, 250].map(percent), ['0%', '0%', '0.4%', '9.9%', '12%', '250%'])
})
