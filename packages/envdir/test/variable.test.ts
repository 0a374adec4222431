import fc from 'fast-check'
import t from 'tap'
import { variableOf } from '../src/variable.ts'

t.test('variableOf: what the C envdir was seen to make of a file', async (t) => {
  const value = (text: string) => variableOf('V', text).value
  t.strictSame(variableOf('V', ''), { name: 'V' }, 'empty unsets')
  t.equal(value('\n'), '')
  t.equal(value(' \t \n'), '')
  t.equal(value(' '), '')
  t.equal(value('x'), 'x', 'no newline')
  t.equal(value('x\ny\n'), 'x', 'the first line only')
  t.equal(value('  x y \t\n'), '  x y', 'leading blanks stay')
  t.equal(value('cr\r\n'), 'cr\r')
  t.equal(value('a\0b\0'), 'a\nb\n', 'NUL is a newline')
  t.equal(value('v\0 \t'), 'v\n', 'trimmed before')
  t.equal(value('v \0'), 'v \n')
  t.equal(value('\xff\xfe\n'), '\xff\xfe')
})

t.test('variableOf: no NUL, nothing but the line without its blanks, and long ones in linear time', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', '\0', '\r'), minLength: 1 }), (text) => {
      const { value } = variableOf('V', text)
      const line = text.replace(/\n[^]*/, '')
      return value !== undefined && !value.includes('\0') && !/[ \t]$/.test(value) && line.replaceAll('\0', '\n').startsWith(value) && /^[ \t]*$/.test(line.slice(value.length))
    }),
  )
  t.equal(variableOf('V', ' '.repeat(1e6) + 'x' + ' '.repeat(1e6)).value!.length, 1e6 + 1)
})
