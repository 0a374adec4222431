/** result.ts and report.ts. */
import t from 'tap'
import { report } from './report.ts'
import { type Result, summarize } from './result.ts'

t.test('the sum of the rounds of a kind: a round counts once for each invariant', async (t) => {
  const copies = { invariant: 'copies', text: 'two' } as const
  const kind = 'kill service' as const
  const played = [
    { kind, violations: [], recoveryMilliseconds: 30.4 },
    { kind, violations: [copies, copies, { invariant: 'lines', text: 'one' } as const], recoveryMilliseconds: 7 },
    { kind, violations: [], recoveryMilliseconds: 10 },
    { kind, violations: [], recoveryMilliseconds: 20 },
  ]
  t.same(summarize(played), { rounds: 4, violated: 1, byInvariant: { copies: 1, lines: 1 }, recoveryMilliseconds: { median: 20, most: 30 } })
  t.same(summarize([]), { rounds: 0, violated: 0, byInvariant: {}, recoveryMilliseconds: { median: 0, most: 0 } })
})

t.test('a row for each kind that was tried, a column for each implementation that was', async (t) => {
  const kind = { rounds: 4, violated: 1, byInvariant: { copies: 1 }, recoveryMilliseconds: { median: 20, most: 30 } }
  const peer = { version: '1', skippedKinds: {}, rounds: 4, violated: 1, seconds: 9, violations: [] }
  const result: Result = {
    seed: 7,
    rounds: 4,
    first: 1,
    services: 30,
    machine: { processors: 2, memoryMegabytes: 100, kernel: '6', node: '20' },
    peers: [
      { ...peer, name: 'ours', title: 'ours', kinds: { 'kill service': kind }, skippedKinds: { 'clock step': 'not its clock', 'full disk': 'not its disk', 'full disk, kill supervisor': 'not its disk' } },
      { ...peer, name: 'c', title: 'the C one', kinds: { 'kill logger': { ...kind, violated: 0 } } },
      { ...peer, name: 's6', title: 's6', kinds: {}, skipped: 'needs s6' },
    ],
  }
  const lines = report(result).split('\n')
  t.ok(lines.includes('| kill service: kill -9 | 4 / **1** (copies 1) | – |'))
  t.ok(lines.some((line) => line.startsWith('| kill logger: ') && line.endsWith(' | – | 4 / 0 |')))
  t.ok(lines.includes('- not tried: ours: full disk; full disk, kill supervisor: not its disk'), 'one reason, once')
  t.ok(lines.includes('- not tried: s6: needs s6'))
  t.notOk(lines.some((line) => line.startsWith('| garbage')), 'what nobody has tried has no row')
})
