import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { LineLocalizer } from '../src/local.ts'

/** UTC, from 1970 to the year 9999. */
const tellUtc = (seconds: bigint): string | undefined => {
  if (seconds < 0n || seconds > 253402300799n) return undefined
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

const localizeAll = (pieces: string[]): string => {
  const localizer = new LineLocalizer(tellUtc)
  const out = pieces.map((piece) => localizer.localize(Buffer.from(piece, 'latin1')).toString('latin1'))
  return out.join('') + localizer.end().toString('latin1')
}

t.test('localize: tai64nlocal\'s figures', async (t) => {
  t.equal(localizeAll(['@4000000037c219bf2ef02e94 mark\n']), '1999-08-24 04:04:05.787492500 mark\n')
  t.equal(localizeAll(['@400000000000000a00000000\n']), '1970-01-01 00:00:00.000000000\n')
  t.equal(localizeAll(['@40000000ffffffff00000000 x\n']), '2106-02-07 06:28:05.000000000 x\n')
  t.equal(localizeAll(['@4000000037c219bf2ef02e94']), '1999-08-24 04:04:05.787492500', 'without a newline too')
})

t.test('localize: only at the start of a line, one a line', async (t) => {
  t.equal(
    localizeAll(['x @4000000037c219bf2ef02e94\n@4000000037c219bf2ef02e94 @4000000037c219bf2ef02e94\n']),
    'x @4000000037c219bf2ef02e94\n1999-08-24 04:04:05.787492500 @4000000037c219bf2ef02e94\n',
  )
})

t.test('localize: what only looks like a label stays as it is', async (t) => {
  for (const line of ['@', '@ x', '@hello', '@4000000037C219BF2EF02E94 x', '@4000000037c219bf x', '@4000000037c219bf2ef02e9400000000 x', '@@4000000037c219bf2ef02e94', '@ffffffffffffffff00000000 x']) {
    t.equal(localizeAll([line + '\n']), line + '\n')
    t.equal(localizeAll([line]), line)
  }
})

t.test('localize: what is longer than a label is written whole', async (t) => {
  const localizer = new LineLocalizer(() => '-2147481748-12-31 23:59:59')
  const lines = '@4000000037c219bfffffffff\n'.repeat(3)
  t.equal(localizer.localize(Buffer.from(lines)).toString(), '-2147481748-12-31 23:59:59.4294967295\n'.repeat(3))
})

t.test('localize: each second is asked for, in whatever order they come', async (t) => {
  const lines = (text: (low: number) => string): string => [1, 1, 2, 1, 2 ** 31, 2 ** 32 - 1, 0].map(text).join('')
  const hex = (low: number): string => low.toString(16).padStart(8, '0')
  for (const high of ['40000000', '3fffffff', '80000000', 'ffffffff']) {
    const localizer = new LineLocalizer((seconds) => (BigInt.asUintN(64, seconds + 2n ** 62n + 10n)).toString(16).padStart(16, '0'))
    const got = localizer.localize(Buffer.from(lines((low) => `@${high}${hex(low)}00000007 x\n`)))
    t.equal(got.toString(), lines((low) => `${high}${hex(low)}.000000007 x\n`))
  }
})

t.test('localize: any split of the stream gives the same', async () => {
  const line = fc.constantFrom('@4000000037c219bf2ef02e94 x\n', '@40\n', 'plain\n', '@\n', '\n', '@4000000037c219bf2ef02e94\n', '@4000000037c219c02ef02e94 @4000000037c219bf2ef02e94\n', '@4000000037c219bf2ef02e940\n')
  const cut = fc.array(fc.nat({ max: 200 }), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(line), cut, (lines, cuts) => {
      const text = lines.join('')
      const places = [0, ...cuts.filter((place) => place < text.length).sort((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
      assert.equal(localizeAll(pieces), localizeAll([text]))
    }),
  )
})
