/** lines.ts: what a campaign would call a loss, and what not. */
import t from 'tap'
import { follow, type Position } from './lines.ts'

const start: Position = { run: 0, number: 0 }
const line = (run: number, number: number): string => `<s01 ${run} ${number} ...>`
const whats = (lines: string[], counts: number[], from = start): string[] => follow(from, lines, 's01', counts).findings.map(({ what }) => what)

t.test('every line of a run, in order', async (t) => {
  const { position, findings } = follow(start, [line(1, 1), line(1, 2), line(1, 3)], 's01', [3])
  t.same(findings, [])
  t.same(position, { run: 1, number: 3 })
})

t.test('a run that was killed has written what it counted, or one more', async (t) => {
  t.same(whats([line(1, 1), line(1, 2), line(2, 1)], [2, 1]), [])
  t.same(whats([line(1, 1), line(1, 2), line(1, 3), line(2, 1)], [2, 1]), [], 'killed between the write and its count')
  t.same(whats([line(1, 1), line(2, 1)], [2, 1]), ['missing'])
  t.same(whats([line(1, 1), line(1, 2), line(1, 3), line(1, 4)], [2]), ['invented'])
})

t.test('a run that has written nothing leaves no hole', async (t) => {
  t.same(whats([line(1, 1), line(3, 1)], [1, 0, 1]), [])
  t.same(whats([line(2, 1)], [0, 1]), [])
})

t.test('the size of a hole', async (t) => {
  const hole = (lines: string[], counts: number[]) => follow(start, lines, 's01', counts).findings.flatMap((finding) => (finding.what === 'missing' ? finding.lines : []))
  t.same(hole([line(1, 1), line(1, 5)], [5]), [3], 'within a run')
  t.same(hole([line(1, 1), line(2, 3)], [4, 3]), [5], 'from one run to the next')
  t.same(hole([line(1, 1), line(3, 1)], [1, 7, 1]), [7], 'a whole run')
  t.same(hole([line(1, 3)], [3]), [2], 'at the beginning')
})

t.test('lines that come again or too late, of another service, in pieces', async (t) => {
  t.same(whats([line(1, 1), line(1, 1), line(1, 2)], [2]), ['disorder'])
  t.same(whats([line(1, 1), line(2, 1), line(1, 2)], [2, 1]), ['missing', 'disorder'])
  t.same(whats([line(1, 1), '<s02 1 2 ...>', line(1, 2)], [2]), ['torn'])
  t.same(whats([line(1, 1), '1 2 ...>', line(1, 3)], [3]), ['torn', 'missing'])
  t.same(whats(['<s01 1 1 .', line(1, 2)], [2]), ['torn', 'missing'])
})

t.test('it does not matter where reading was interrupted', async (t) => {
  const lines = [line(1, 1), line(1, 2), line(1, 4), '<s0', line(2, 1), line(2, 1), line(3, 2)]
  const counts = [5, 1, 2]
  const whole = follow(start, lines, 's01', counts)
  for (let cut = 0; cut <= lines.length; cut++) {
    const first = follow(start, lines.slice(0, cut), 's01', counts)
    const second = follow(first.position, lines.slice(cut), 's01', counts)
    t.same({ position: second.position, findings: [...first.findings, ...second.findings] }, whole)
  }
})
