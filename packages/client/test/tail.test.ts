import * as fs from 'node:fs'
import { join } from 'node:path'
import { formatLabel, fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { lastWrittenAt, readLine, readTail } from '../src/tail.ts'

const label = (seconds: number): string => formatLabel(fromUnix(seconds, 500_000_000))

t.test('readLine: with and without a label', async (t) => {
  t.same(readLine(`${label(1000)} hello`), { at: 1_000_500, text: 'hello' })
  t.same(readLine('hello'), { at: undefined, text: 'hello' })
  t.same(readLine('@4000 hello'), { at: undefined, text: '@4000 hello' })
  t.same(readLine(`${label(1000)}`), { at: 1_000_500, text: '' })
})

t.test('readTail: the last lines, of the file before too', async (t) => {
  const folder = t.testdir({ current: 'd\ne', [`${label(1)}.s`]: 'x\n', [`${label(2)}.s`]: 'a\nb\nc\n', state: 'no log' })
  t.same(readTail(folder, 3).map(({ text }) => text), ['c', 'd', 'e'])
  t.same(readTail(folder, 1).map(({ text }) => text), ['e'])
  t.same(readTail(folder, 100).map(({ text }) => text), ['a', 'b', 'c', 'd', 'e'], 'not of all files')
  t.same(readTail(folder, 0), [])
  t.same(readTail(join(folder, 'nowhere'), 3), [])
})

t.test('readTail: a line that is cut at the beginning is left out', async (t) => {
  const folder = t.testdir({ current: `${'x'.repeat(70_000)}\nlast\n` })
  t.same(readTail(folder, 5).map(({ text }) => text), ['last'])
})

t.test('lastWrittenAt: of current, or of the file before if that is empty', async (t) => {
  const folder = t.testdir({ current: '', [`${label(2)}.s`]: 'a\n' })
  fs.utimesSync(join(folder, `${label(2)}.s`), 5, 7)
  t.equal(lastWrittenAt(folder), 7000)
  fs.writeFileSync(join(folder, 'current'), 'b\n')
  fs.utimesSync(join(folder, 'current'), 5, 9)
  t.equal(lastWrittenAt(folder), 9000)
  t.equal(lastWrittenAt(join(folder, 'nowhere')), undefined)
})
