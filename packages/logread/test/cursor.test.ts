import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { Cursor } from '../src/cursor.ts'
import { labelAt, makeLog, scratch } from './logdir.ts'

const at = (number: number): string => labelAt(1e18 + number * 1000)
const line = (number: number): string => `${at(number)} ${number}\n`

async function textsOf(cursor: Cursor): Promise<string[]> {
  const texts = []
  for (let lines; (lines = await cursor.read()) !== undefined; ) texts.push(...lines.map(({ text }) => text))
  return texts
}

const all = async (path: string): Promise<string[]> => {
  const cursor = new Cursor(path, { isBounded: true })
  const texts = await textsOf(cursor)
  await cursor.close()
  return texts
}

t.test('cursor: all files in order, compressed ones too', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { [`${at(2)}.s.gz`]: gzipSync(line(1) + line(2)), [`${at(4)}.u`]: line(3) + line(4), previous: line(5), current: line(6), lock: '', state: 'x\n' })
  t.same(await all(path), ['1', '2', '3', '4', '5', '6'])
})

t.test('cursor: every way to cut a stream into files gives the same lines', async (t) => {
  const folder = scratch(t)
  let number = 0
  const text = [line(1), line(2), 'no label\n', '@broken\n', line(3), `${at(4)} ${'long '.repeat(20)}\n`, line(5)].join('')
  const expected = await all(makeLog(`${folder}/whole`, { current: text }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: text.length }), { maxLength: 6 }), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
      // where a label was cut the piece that goes on has none, and where it was not the piece begins a line of its own
      const files = Object.fromEntries(pieces.map((piece, index) => [index === pieces.length - 1 ? 'current' : `${at(100 + index)}.s`, piece]))
      assert.deepEqual(await all(makeLog(`${folder}/${number++}`, files)), expected)
    }),
    { numRuns: 60 },
  )
})

t.test('cursor: a line that the end of the logger has cut off stays alone', async (t) => {
  t.same(await all(makeLog(`${scratch(t)}/log`, { [`${at(9)}.u`]: `${line(1)}${at(2)} cut`, current: line(3) })), ['1', 'cut', '3'])
})

t.test('cursor: what has no label before it has the place of its file', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { [`${at(5)}.s`]: 'a\n', current: `b\n${line(7)}c\n` })
  const cursor = new Cursor(path, { isBounded: true })
  const places = []
  for (let lines; (lines = await cursor.read()) !== undefined; ) places.push(...lines.map(({ place, text }) => [text, place]))
  t.same(places, [['a', ''], ['b', at(5)], ['7', at(7)], ['c', at(7)]])
})

t.test('cursor: it goes on through rotation, removal and truncation, each line once', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { current: line(1) })
  const cursor = new Cursor(path, { isBounded: false })
  t.teardown(() => cursor.close())
  t.same(await textsOf(cursor), ['1'])
  fs.appendFileSync(`${path}/current`, line(2))
  fs.renameSync(`${path}/current`, `${path}/previous`)
  fs.writeFileSync(`${path}/current`, line(3))
  t.same(await textsOf(cursor), ['2', '3'], 'the lines before the rename, then the new file')
  fs.renameSync(`${path}/previous`, `${path}/${at(2)}.s`)
  t.same(await textsOf(cursor), [])
  // three rotations, and the first two pruned, between two looks
  fs.appendFileSync(`${path}/current`, line(4))
  fs.unlinkSync(`${path}/${at(2)}.s`)
  fs.unlinkSync(`${path}/current`)
  makeLog(path, { [`${at(6)}.s`]: line(5) + line(6), current: line(7) })
  t.same(await textsOf(cursor), ['4', '5', '6', '7'], 'the removed file is read to its end, then all that is new')
  fs.writeFileSync(`${path}/current`, '8\n')
  t.same(await textsOf(cursor), ['8'], 'a file that has become shorter begins anew')
})

t.test('cursor: a processor\'s copy is not shown again', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { current: line(1) + line(2) })
  const cursor = new Cursor(path, { isBounded: false })
  t.teardown(() => cursor.close())
  t.same(await textsOf(cursor), ['1', '2'])
  fs.unlinkSync(`${path}/current`)
  makeLog(path, { [`${at(2)}.s`]: line(1) + line(2) + line(3), current: line(4) })
  t.same(await textsOf(cursor), ['3', '4'])
})

t.test('cursor: nor are several of them, in whatever order they appear', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { current: line(1) + line(2) })
  const cursor = new Cursor(path, { isBounded: false })
  t.teardown(() => cursor.close())
  t.same(await textsOf(cursor), ['1', '2'])
  fs.renameSync(`${path}/current`, `${path}/previous`)
  makeLog(path, { current: line(3) + line(4) })
  t.same(await textsOf(cursor), ['3', '4'])
  // both are copied, one more is made that we have never seen, and the originals go
  for (const name of ['previous', 'current']) fs.unlinkSync(`${path}/${name}`)
  makeLog(path, { [`${at(2)}.s`]: line(1) + line(2), [`${at(4)}.s`]: line(3) + line(4), [`${at(6)}.s`]: line(5) + line(6), current: line(7) })
  t.same(await textsOf(cursor), ['5', '6', '7'])
})

t.test('cursor: a directory that is made later, and one that is made anew', async (t) => {
  const path = `${scratch(t)}/log`
  const cursor = new Cursor(path, { isBounded: false })
  t.teardown(() => cursor.close())
  await t.rejects(cursor.read(), { code: 'ENOENT' })
  makeLog(path, {})
  t.same(await textsOf(cursor), [])
  makeLog(path, { current: line(1) })
  t.same(await textsOf(cursor), ['1'])
  fs.rmSync(path, { recursive: true })
  t.same(await textsOf(cursor), [])
  makeLog(path, { current: line(2) })
  t.same(await textsOf(cursor), ['2'])
})
