/** table.ts and page.ts. */
import fc from 'fast-check'
import t from 'tap'
import { page } from './page.ts'
import { conclude, type Result } from './result.ts'
import { figure, printed, reasons, table } from './table.ts'

const start = { id: 'start', title: 'start', unit: 'ms', better: 'less', limit: '`true`' } as const
const logger = { id: 'logger', title: 'logger', unit: 'MB/s', better: 'more', note: 'It waits for the disk.' } as const

const result: Result = {
  date: '2030-01-02',
  seconds: 100,
  rounds: 3,
  quick: false,
  machine: { processor: 'a processor', processors: 2, memoryMegabytes: 100, kernel: '6', node: '20', fileSystem: 'ext4', load: { before: 0.5, median: 1, most: 2 }, stolenPercent: 0.25 },
  versions: { ours: '1', c: '0.76' },
  missing: { executable: 'it is not built' },
  rows: [
    conclude(start, { ours: { rounds: [40, 50, 60] }, c: { rounds: [4, 5, 6] }, runit: { rounds: [], why: 'it has no such program' }, limit: { rounds: [1, 1, 1] } }),
    conclude(logger, { ours: { rounds: [50] }, c: { rounds: [100] }, runit: { rounds: [null], why: 'it has no such program' } }),
  ],
  left: [{ title: 'many', why: 'only with --large' }],
}

t.test('a Markdown table: median, quartiles, and ours as a multiple of the best', async (t) => {
  const lines = table(result).split('\n')
  t.equal(lines[0], '|  | ours, on Node | daemontools (C) | runit | s6 | limit | ours ÷ best |')
  t.equal(lines[2], '| start, ms; limit: `true` | **50.0** (45.0–55.0) | **5.00** (4.50–5.50) | – | – | **1.00** (1.00–1.00) | 10.0 × C |')
  t.equal(lines[3], '| logger, MB/s (more is better) | **50.0** (50.0–50.0) | **100** (100–100) | – | – | – | 0.500 × C |')
})

t.test('a table for a terminal has its columns one below the other', async (t) => {
  const lines = printed(result).split('\n')
  t.equal(lines.length, 3)
  t.equal(lines[0]!.indexOf('daemontools (C)') + 'daemontools (C)'.length, lines[1]!.indexOf('5.00') + 4)
})

t.test('what is empty is explained, each reason once', async (t) => {
  t.same(reasons(result), ['ours, one executable: it is not built.', 'runit: it has no such program (start; logger).', 'many: only with --large.'])
})

t.test('the page has the table, the notes, the machine and what was not measured', async (t) => {
  const text = page(result)
  for (const part of [table(result), 'It waits for the disk.', 'a processor', 'runit: it has no such program', 'Debian daemontools 0.76', '2030-01-02']) t.ok(text.includes(part), part)
})

t.test('a figure has three digits, or what is before its point', async (t) => {
  t.same([0, 0.00042, 0.0123, 1, 9.999, 12.34, 123.4, 1234.5, 1234567].map(figure), ['0', '0.000', '0.012', '1.00', '10.00', '12.3', '123', '1,235', '1,234,567'])
})

t.test('a figure says its value to a hundredth, from a tenth on', async () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1e9, noNaN: true }), (value) => Math.abs(Number(figure(value).replaceAll(',', '')) - value) <= value * 0.0101),
  )
})
