/**
 * npm run compare as a test: each command with C's, row for row.
 *
 * Not tested: what a row of test/compare/rows does not ask. What takes time, load or luck is in the tests beside; svscanboot needs a /service of its own.
 */
import t from 'tap'
import { compare, whyNot } from './compare/compare.ts'
import { difference } from './compare/report.ts'
import { rows } from './compare/rows/index.ts'

t.test('every command, row for row', { skip: whyNot() ?? false, timeout: 600_000 }, async (t) => {
  const verdicts = await compare(rows)
  for (const command of new Set(rows.map((row) => row.command))) {
    const of = verdicts.filter(({ row }) => row.command === command)
    const missing = of.filter(({ kind }) => kind === 'missing').length
    const wrong = of.flatMap((verdict) => (verdict.kind === 'different' ? [difference(verdict).join('\n')] : []))
    if (missing > 0) wrong.push(`${missing} rows for which there is no ${command} yet`)
    t.ok(wrong.length === 0, `${command}: ${of.length} rows`, { differences: wrong.join('\n\n').split('\n') })
  }
})
