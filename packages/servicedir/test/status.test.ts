import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { packStatus, type Status, unpackStatus } from '../src/status.ts'

const statuses: fc.Arbitrary<Status> = fc.record({
  changed: fc.record({ tai: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), nanoseconds: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }, { noNullPrototype: true }),
  pid: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  paused: fc.boolean(),
  want: fc.constantFrom('up', 'down', 'once'),
}, { noNullPrototype: true })

t.test('packStatus: the bytes that a C supervise wrote', async (t) => {
  const changed = fromUnix(0x6b0294a2 - 10, 0x2128d694)
  t.equal(packStatus({ changed, pid: 19196, paused: false, want: 'up' }).toString('hex'), '400000006b0294a22128d694fc4a00000075')
})

t.test('packStatus: paused is 0 while the service is down', async (t) => {
  const packed = packStatus({ changed: fromUnix(0, 0), pid: 0, paused: true, want: 'down' })
  t.equal(packed[16], 0)
  t.equal(packed[17], 0x64)
})

t.test('packStatus and unpackStatus undo each other, whatever follows the 18 bytes', async () => {
  fc.assert(
    fc.property(statuses, fc.uint8Array({ maxLength: 22 }), (status, tail) => {
      assert.deepEqual(unpackStatus(Buffer.concat([packStatus(status), tail])), status)
    }),
  )
})

t.test('unpackStatus knows a short file', async (t) => {
  for (let length = 0; length < 18; length++) t.equal(unpackStatus(new Uint8Array(length)), undefined)
})
