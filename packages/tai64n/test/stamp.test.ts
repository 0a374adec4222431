import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { LineStamper } from '../src/stamp.ts'

const stampAll = (pieces: string[]): string => {
  const stamper = new LineStamper(() => '@L')
  return pieces.map((piece) => stamper.stamp(Buffer.from(piece, 'latin1')).toString('latin1')).join('')
}

t.test('stamp: a label before each line, none after the last newline, none added at the end', async (t) => {
  t.equal(stampAll(['a\n\nb']), '@L a\n@L \n@L b')
  t.equal(stampAll(['']), '')
  t.equal(stampAll(['\0\xff\n']), '@L \0\xff\n')
})

t.test('stamp: any split of the stream gives the same', async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '@'), maxLength: 5 }))
  fc.assert(fc.property(pieces, (list) => assert.equal(stampAll(list), stampAll([list.join('')]))))
})
