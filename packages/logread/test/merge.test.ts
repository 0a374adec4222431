import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { merge, type Source } from '../src/merge.ts'

interface Item {
  place: string
  source: number
  number: number
}

/** Gives a list in batches of these lengths, over and over. */
function sourceOf(items: readonly Item[], lengths: readonly number[]): Source<Item> {
  let at = 0
  let turn = 0
  return {
    read: async () => {
      const batch = items.slice(at, (at += lengths[turn++ % lengths.length]!))
      return batch.length > 0 ? batch : undefined
    },
  }
}

async function mergeAll(sources: readonly Source<Item>[]): Promise<Item[]> {
  const merged = []
  for await (const { lines, sources: from } of merge(sources)) {
    merged.push(...lines)
    assert.deepEqual(lines.map(({ source }) => source), from)
  }
  return merged
}

t.test('merge: what sorting all of it gives, stable, however it is split into sources and batches', async () => {
  const place = fc.constantFrom('', 'a', 'b', 'c', 'd')
  const lists = fc.array(fc.array(place, { maxLength: 12 }), { maxLength: 9 })
  const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(lists, lengths, async (lists, lengths) => {
      const items = lists.map((places, source) => places.sort().map((place, number): Item => ({ place, source, number })))
      const sorted = items.flat().sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0))
      assert.deepEqual(await mergeAll(items.map((list) => sourceOf(list, lengths))), sorted)
    }),
  )
})

t.test('merge: each source keeps its own order, whatever that is, and nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.constantFrom('a', 'b', 'c')), { maxLength: 6 }), async (lists) => {
      const items = lists.map((places, source) => places.map((place, number): Item => ({ place, source, number })))
      const merged = await mergeAll(items.map((list) => sourceOf(list, [2])))
      for (const [source, list] of items.entries()) assert.deepEqual(merged.filter((item) => item.source === source), list)
      assert.equal(merged.length, items.flat().length)
    }),
  )
})
