import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { beginsWithLabel, type Line, LineReader } from '../src/line.ts'

const label = '@4000000037c219bf2ef02e94'

function readAll(pieces: readonly string[], place = ''): Line[] {
  const reader = new LineReader(place)
  return [...pieces.flatMap((piece) => reader.read(piece)), ...reader.end()]
}

t.test('line: a label and what is behind it', async (t) => {
  t.same(readAll([`${label} mark\n${label}\n${label} \n`]), ['mark', '', ''].map((text) => ({ place: label, isLabelled: true, text })))
})

t.test('line: without a label, or with a broken one, it keeps the place of the line before it, and is as it is', async (t) => {
  const broken = ['plain', '', '@', label.slice(0, -1), `${label}0 x`, label.toUpperCase(), `@${label}`, ` ${label} x`, `${label}x`]
  t.same(readAll([`${label} a\n${broken.join('\n')}\n`]).slice(1), broken.map((text) => ({ place: label, isLabelled: false, text })))
  t.same(readAll(['x\n'], label), [{ place: label, isLabelled: false, text: 'x' }])
})

t.test('line: one that does not end is given in pieces, and the memory of it with it', async (t) => {
  const reader = new LineReader()
  const piece = 'x'.repeat(1 << 17)
  const given = [reader.read(`${label} `), ...Array.from({ length: 40 }, () => reader.read(piece))].flat()
  t.equal(given.length, 5)
  t.equal(given[0]!.isLabelled, true)
  t.equal(given.slice(1).some(({ isLabelled }) => isLabelled), false)
  t.equal([...given, ...reader.read('y\n')].map(({ text }) => text).join(''), 'x'.repeat(40 << 17) + 'y')
  t.same(reader.read('z\n').map(({ text }) => text), ['z'], 'and the next one is a line again')
})

t.test('line: every split of the stream gives the same', async () => {
  const line = fc.oneof(fc.constantFrom(`${label} a\n`, `${label}\n`, '\n', 'b\n', '@\n', `${label}0\n`, '\x1b[2J\n'), fc.string({ maxLength: 5 }))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat({ max: 120 }), { maxLength: 8 }), (lines, cuts) => {
      const text = lines.join('')
      const places = [0, ...cuts.filter((place) => place < text.length).sort((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
      assert.deepEqual(readAll(pieces), readAll([text]))
    }),
  )
  for (let cut = 0; cut < label.length + 4; cut++) {
    const text = `${label} ab\n`
    assert.deepEqual(readAll([text.slice(0, cut), text.slice(cut)]), readAll([text]))
  }
})

t.test('line: beginsWithLabel', async (t) => {
  t.equal(beginsWithLabel(label), true)
  t.equal(beginsWithLabel(`${label} `), true)
  t.equal(beginsWithLabel(`${label.slice(0, -1)}g`), false)
})
