import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { decodeInherited, encodeInherited, encodeLaunch, getenv } from '../src/record.ts'

const text = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1'))

t.test('decodeInherited reads what launch writes: any bytes in arguments and environment', async () => {
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (args, environment) => {
      const fields = ['1:2 18446744073709551615:18446744073709551615 ', '1001000', '0', '0 2 1 ', `${args.length}`, ...args, ...environment]
      const inherited = decodeInherited(Buffer.from(fields.map((field) => field + '\0').join(''), 'latin1'))
      assert.deepEqual(inherited.args, args)
      assert.deepEqual(inherited.environment, environment)
      assert.deepEqual(inherited.descriptors, [0, 1, 2])
      assert.equal(inherited.ignoredSignals, 0x1001000n)
      assert.deepEqual(inherited.limits, [{ soft: 1n, hard: 2n }, { soft: 2n ** 64n - 1n, hard: 2n ** 64n - 1n }])
    }),
  )
})

t.test('decodeInherited refuses a record that is cut short', async (t) => {
  t.throws(() => decodeInherited(Buffer.from('1:2\0')), RangeError)
  t.throws(() => decodeInherited(Buffer.from(['1:2', '0', '0', '0', '3', 'one', 'two', ''].join('\0'))), RangeError)
})

t.test('decodeInherited(encodeInherited(x)) is x, and half of it is refused', async () => {
  const bits = fc.bigInt(0n, 2n ** 64n - 1n)
  const all = fc.record(
    {
      limits: fc.array(fc.record({ soft: bits, hard: bits }, { noNullPrototype: true }), { maxLength: 16 }),
      ...{ ignoredSignals: bits, blockedSignals: bits },
      descriptors: fc.uniqueArray(fc.nat(1023)).map((list) => list.sort((a, b) => a - b)),
      ...{ args: fc.array(text), environment: fc.array(text) },
    },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(all, (inherited) => {
      const record = encodeInherited(inherited)
      assert.deepEqual(decodeInherited(record), inherited)
      const toArguments = encodeInherited({ ...inherited, environment: [] }).length
      // One byte more ends the field that was cut.
      for (let at = 0; at < toArguments - 1; at++) assert.throws(() => decodeInherited(record.subarray(0, at)))
    }),
  )
})

t.test('encodeLaunch: limits, ignored, blocked, open, texts, environment', async (t) => {
  const record = encodeLaunch(
    { limits: [{ soft: 200n, hard: 20000n }], ignoredSignals: 1n, blockedSignals: 0x80n, descriptors: [0, 2, 7], environment: ['a.b=\xff', 'X=1', 'X=2'] },
    '2 file does not exist\n13 access denied',
  )
  t.equal(record.toString('latin1'), '200:20000\x001\x0080\x000 2 7\x002 file does not exist\n13 access denied\x00a.b=\xff\x00X=1\x00X=2\x00')
})

t.test('getenv finds the first entry of a name', async (t) => {
  t.equal(getenv(['PATH2=x', 'PATH=a:b', 'PATH=c'], 'PATH'), 'a:b')
  t.equal(getenv(['PATH='], 'PATH'), '')
  t.equal(getenv(['PATH'], 'PATH'), undefined)
})
