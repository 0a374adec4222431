import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { match } from '../src/match.ts'
import { makeFolder, noReference, reference, run } from './programs.ts'
import { makeRandom } from './random.ts'

function matches(pattern: string, line: string): boolean {
  const bytes = Buffer.from(`<<${line}>>`, 'latin1')
  return match(Buffer.from(pattern, 'latin1'), bytes, 2, bytes.length - 2)
}

/** Seen with the C program (docs: matchtest). */
const vectors: [pattern: string, line: string, expected: boolean][] = [
  ['*a*', 'banana', true],
  ['*an', 'banana', false],
  ['*na', 'banana', false],
  ['b*a', 'ba', true],
  ['b*a', 'baa', false],
  ['*b', 'ab', true],
  ['*b', 'abb', false],
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['**', '', false],
  ['**', 'ab', false],
  ['**', 'a*b', true],
  ['*\xe9', 'caf\xe9', true],
  ['a*', 'a\0\0', true],
]

for (const [pattern, line, expected] of vectors) {
  t.test(`${JSON.stringify(pattern)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(line)}`, async (t) => {
    t.equal(matches(pattern, line), expected)
  })
}

t.test('a pattern does not look beyond the line', async (t) => {
  t.equal(matches('a>', 'a'), false)
  t.equal(matches('*>', 'a'), false)
  t.equal(matches('a>*', 'a'), false)
})

t.test('thousands of patterns and lines: the answers of the C program', { skip: noReference }, async (t) => {
  const folder = makeFolder(t)
  const random = makeRandom(7)
  const word = (letters: string, longest: number): string =>
    Array.from({ length: random(longest + 1) }, () => letters[random(letters.length)]).join('')
  const patterns = Array.from({ length: 60 }, () => word('ab**', 7))
  const lines = Array.from({ length: 400 }, () => word('aabb*\0', 8))
  writeFileSync(join(folder, 'input'), lines.map((line, number) => `${line}\n${number}#\n`).join(''), 'latin1')
  // For each pattern, a directory with the lines that match it, each followed by its number.
  const script = patterns.flatMap((pattern, number) => ['-*', `+${pattern}`, '+*#', `./${number}`])
  mkdirSync(join(folder, 'logs'))
  await run(reference, script, join(folder, 'logs'), join(folder, 'input'))
  for (const [index, pattern] of patterns.entries()) {
    const current = join(folder, 'logs', `${index}`, 'current')
    t.ok(existsSync(current))
    const expected = readFileSync(current, 'latin1')
    const got = lines.map((line, number) => `${matches(pattern, line) ? `${line}\n` : ''}${number}#\n`).join('')
    if (got !== expected) t.equal(got, expected, JSON.stringify(pattern))
  }
})
