import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { LineStamper } from '../src/stamp.ts'

const stampAll = (pieces: string[], labels = pieces.map(() => '@L')): string => {
  const stamper = new LineStamper()
  return pieces.map((piece, index) => stamper.stamp(Buffer.from(piece, 'latin1'), labels[index]!).toString('latin1')).join('')
}

t.test('stamp: a label before each line, none after the last newline, none added at the end', async (t) => {
  t.equal(stampAll(['a\n\nb']), '@L a\n@L \n@L b')
  t.equal(stampAll(['']), '')
  t.equal(stampAll(['\0\xff\r\n']), '@L \0\xff\r\n')
})

t.test('stamp: what looks like a stamp is text', async (t) => {
  t.equal(stampAll(['a\n@L ', 'b']), '@L a\n@L @L b')
})

t.test('stamp: a line has the label of the piece in which its first byte is', async (t) => {
  t.equal(stampAll(['a\nb', '', 'c\n', 'd\n\ne'], ['@1', '@2', '@3', '@4']), '@1 a\n@1 bc\n@4 d\n@4 \n@4 e')
})

t.test('stamp: any split of the stream gives the same', async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '@', 'L', ' ', '$'), maxLength: 5 }))
  fc.assert(fc.property(pieces, (list) => assert.equal(stampAll(list), stampAll([list.join('')]))))
})

t.test('stamp: in any pieces, long and short', async () => {
  const pieces = fc.array(fc.tuple(fc.nat({ max: 3000 }), fc.constantFrom('x', '\n', 'xx\n', '\nx')), { maxLength: 5 })
  fc.assert(
    fc.property(pieces, (list) => {
      const input = list.map(([times, text]) => text.repeat(times))
      assert.equal(stampAll(input), input.join('').replace(/[^\n]*\n|[^\n]+$/g, '@L $&'))
    }),
  )
})
