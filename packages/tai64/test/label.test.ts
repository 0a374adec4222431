import fc from 'fast-check'
import t from 'tap'
import { formatLabel, fromUnix, labelAt, packLabel, parseLabel, toUnix, unpackLabel } from '../src/label.ts'

t.test('formatLabel: the vectors that daemontools and libtai are known by', async (t) => {
  t.equal(formatLabel(fromUnix(935467445, 787492500)), '@4000000037c219bf2ef02e94')
  t.equal(formatLabel(fromUnix(0, 0)), '@400000000000000a00000000')
  t.equal(labelAt({ seconds: 935467445, nanoseconds: 787492500 }), '@4000000037c219bf2ef02e94')
  t.equal(formatLabel(fromUnix(-10, 0)), '@400000000000000000000000')
  t.equal(formatLabel(fromUnix(-11, 999999999)), '@3fffffffffffffff3b9ac9ff')
})

t.test('packLabel: seconds, then nanoseconds, both big-endian', async (t) => {
  t.equal(packLabel(fromUnix(0x6b0294a2 - 10, 0x2128d694)).toString('hex'), '400000006b0294a22128d694')
})

const moments = fc.record({
  seconds: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
})

t.test('packLabel and unpackLabel, formatLabel and parseLabel undo each other', async () => {
  fc.assert(
    fc.property(moments, ({ seconds, nanoseconds }) => {
      const label = fromUnix(seconds, nanoseconds)
      const unpacked = unpackLabel(packLabel(label))
      const parsed = parseLabel(formatLabel(label))!
      return [unpacked, parsed].every((back) => toUnix(back) === seconds && back.nanoseconds === nanoseconds)
    }),
  )
})

t.test('packLabel: byte order is time order', async () => {
  const asNumber = (moment: { seconds: number; nanoseconds: number }): bigint =>
    BigInt(moment.seconds) * 1_000_000_000n + BigInt(moment.nanoseconds)
  fc.assert(
    fc.property(moments, moments, (a, b) => {
      const bytes = Math.sign(Buffer.compare(packLabel(fromUnix(a.seconds, a.nanoseconds)), packLabel(fromUnix(b.seconds, b.nanoseconds))))
      return bytes === (asNumber(a) < asNumber(b) ? -1 : asNumber(a) > asNumber(b) ? 1 : 0)
    }),
  )
})

t.test('parseLabel takes nothing but 24 lower-case digits', async (t) => {
  for (const text of ['', '@', '@4000000037C219BF2EF02E94', '4000000037c219bf2ef02e94', '@4000000037c219bf', '@4000000037c219bf2ef02e940', '@4000000037c219bf2ef02e94 ']) {
    t.equal(parseLabel(text), undefined, text)
  }
})
