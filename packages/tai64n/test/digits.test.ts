import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isHexDigit, readWord, writeNanoseconds } from '../src/digits.ts'

const word = fc.oneof(fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 999_999_999, 1e9), fc.integer({ min: 0, max: 2 ** 32 - 1 }))

t.test('isHexDigit: the lower-case ones', async (t) => {
  const digits = Array.from({ length: 256 }, (_, byte) => byte).filter(isHexDigit)
  t.equal(String.fromCharCode(...digits), '0123456789abcdef')
})

t.test('readWord reads what was printed', async () => {
  fc.assert(
    fc.property(word, fc.nat({ max: 3 }), (value, start) => {
      const text = 'f'.repeat(start) + value.toString(16).padStart(8, '0') + 'f'
      assert.equal(readWord(Buffer.from(text), start), value)
    }),
  )
})

t.test('readWord: one byte that is not a digit, wherever it is', async () => {
  const byte = fc.nat({ max: 255 }).filter((byte) => !isHexDigit(byte))
  fc.assert(
    fc.property(word, fc.nat({ max: 7 }), byte, (value, at, byte) => {
      const text = Buffer.from(value.toString(16).padStart(8, '0'))
      text[at] = byte
      assert.ok(readWord(text, 0) < 0)
    }),
  )
})

t.test('writeNanoseconds: nine digits, or as many as there are', async () => {
  fc.assert(
    fc.property(word, fc.nat({ max: 3 }), (value, start) => {
      const out = Buffer.alloc(start + 11, '-')
      const length = writeNanoseconds(value, out, start)
      assert.equal(out.toString(), `${'-'.repeat(start)}${String(value).padStart(9, '0')}`.padEnd(start + 11, '-'))
      assert.equal(length, String(value).padStart(9, '0').length)
    }),
  )
})
