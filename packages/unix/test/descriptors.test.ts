import fc from 'fast-check'
import t from 'tap'
import { expectDescriptors, freeDescriptors } from '../src/descriptors.ts'
import { errnoOf } from '../src/errno.ts'

const of = (descriptors: number[], soft?: bigint) => ({
  descriptors,
  limits: soft === undefined ? [] : Array.from({ length: 16 }, () => ({ soft, hard: 4096n })),
})

t.test('freeDescriptors: what fghack was seen to use', async (t) => {
  t.strictSame(freeDescriptors(of([0, 1, 2]), 2), [3, 4])
  t.strictSame(freeDescriptors(of([1, 2, 4]), 3), [0, 3, 5])
  t.strictSame(freeDescriptors(of([0, 1, 2], 5n), 31), [3, 4], 'below the limit')
  t.strictSame(freeDescriptors(of([0, 1, 2, 3], 2n), 1), [])
})

t.test('freeDescriptors: ascending, not taken, and none below them left out', async () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(40), fc.bigInt(0n, 60n), (descriptors, count, soft) => {
      const free = freeDescriptors(of(descriptors, soft), count)
      const all = Array.from({ length: Number(soft) }, (_, fd) => fd).filter((fd) => !descriptors.includes(fd))
      return JSON.stringify(free) === JSON.stringify(all.slice(0, count))
    }),
  )
})

t.test('expectDescriptors: EMFILE where there are too few', async (t) => {
  expectDescriptors(of([0, 1, 2], 5n), 2)
  expectDescriptors(of([0, 1, 2]), 1000)
  try {
    expectDescriptors(of([0, 1, 2], 5n), 3)
    t.fail('did not throw')
  } catch (error) {
    t.equal(errnoOf(error), 24)
  }
})
