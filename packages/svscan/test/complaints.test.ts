import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Complaints, standsMilliseconds } from '../src/complaints.ts'

t.test('isDue: once, and again after a minute', async (t) => {
  const complaints = new Complaints()
  t.equal(complaints.isDue('a', 0), true)
  t.equal(complaints.isDue('a', 5000), false)
  t.equal(complaints.isDue('b', 5000), true, 'another one')
  t.equal(complaints.isDue('a', 59_999), false)
  t.equal(complaints.isDue('a', 60_000), true)
  t.equal(complaints.isDue('b', 60_000), false)
})

t.test('clear: who asks is told everything', async (t) => {
  const complaints = new Complaints()
  complaints.isDue('a', 0)
  complaints.clear()
  t.equal(complaints.isDue('a', 1), true)
  t.equal(complaints.isDue('a', 2), false)
})

t.test('isDue: no complaint is said twice within a minute, none is kept back longer', async () => {
  const calls = fc.array(fc.record({ text: fc.constantFrom('a', 'b', 'c'), elapsed: fc.oneof(fc.nat(100), fc.nat(70_000)) }))
  fc.assert(
    fc.property(calls, (calls) => {
      const complaints = new Complaints()
      const said = new Map<string, number>()
      let now = 0
      for (const { text, elapsed } of calls) {
        now += elapsed
        const isDue = now - (said.get(text) ?? -Infinity) >= standsMilliseconds
        assert.equal(complaints.isDue(text, now), isDue)
        if (isDue) said.set(text, now)
      }
    }),
  )
})
