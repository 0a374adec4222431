/**
 * What multilog does that is compared with C's, once more with a multilogd that does it.
 *
 * Not tested: rows that are played as another user, for whom there is no multilogd.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compare, whyNot } from './compare/compare.ts'
import { difference } from './compare/report.ts'
import { rows } from './compare/rows/index.ts'
import { ours } from './support/implementation.ts'
import { Process } from './support/process.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

t.test('multilog, row for row, shared', { skip: whyNot() ?? false, timeout: 600_000 }, async (t) => {
  const shared = join(scratch(t), 'shared')
  fs.mkdirSync(shared, { mode: 0o700 })
  const multilogd = new Process(t, join(ours.folder, 'multilogd'), [shared])
  await until('multilogd listens', () => fs.existsSync(join(shared, 'ready')))
  const wanted = rows.filter(({ command, user }) => command === 'multilog' && user === undefined)
  const verdicts = await compare(wanted.map((row) => ({ ...row, env: { ...row.env, MULTILOG_SHARED: shared } })))
  const wrong = verdicts.flatMap((verdict) => (verdict.kind === 'different' ? [difference(verdict).join('\n')] : []))
  t.ok(wrong.length === 0, `${verdicts.length} rows`, { differences: wrong.join('\n\n').split('\n') })
  t.ok(verdicts.length > 300)
  t.strictSame([multilogd.running, multilogd.stderr], [true, ''])
})
