import t from 'tap'
import { errnoOf } from '../src/errno.ts'
import { patiently } from '../src/patience.ts'

const ETIMEDOUT = 110
const timedOut = async (promise: Promise<unknown>): Promise<boolean> => promise.then(() => false, (error: unknown) => errnoOf(error) === ETIMEDOUT)

/** Work that is done when it is told to be, and how many began. */
function slowly() {
  const ends: (() => void)[] = []
  return { work: () => new Promise<number>((resolve) => ends.push(() => resolve(ends.length))), ends }
}

t.test('patiently: what the work gives, or its refusal', async (t) => {
  t.equal(await patiently('a', () => Promise.resolve(7)), 7)
  await t.rejects(patiently('a', () => Promise.reject(new Error('x'))), { message: 'x' })
})

t.test('patiently: two at a time for one file system, all in the end, in order', async (t) => {
  const { work, ends } = slowly()
  const done: number[] = []
  const all = [1, 2, 3, 4, 5].map((number) => patiently('b', work).then(() => done.push(number)))
  for (let n = 0; n < 5; n++) {
    t.ok(ends.length <= n + 2)
    ends[n]!()
    await all[n]
  }
  t.strictSame(done, [1, 2, 3, 4, 5])
})

t.test('patiently: one that hangs is given up, and asked no more; others are', async (t) => {
  const { work, ends } = slowly()
  const first = [1, 2, 3, 4].map(() => timedOut(patiently('c', work)))
  t.strictSame(await Promise.all(first), [true, true, true, true])
  t.equal(ends.length, 2)
  t.ok(await timedOut(patiently('c', work)), 'at once')
  t.equal(ends.length, 2)
  t.equal(await patiently('d', () => Promise.resolve(1)), 1)
  ends[0]!()
  await new Promise(setImmediate)
  t.equal(await patiently('c', () => Promise.resolve(2)), 2, 'when it has come back, it is asked again')
  ends[1]!()
})

t.test('patiently: ten hang in all', async (t) => {
  const { work, ends } = slowly()
  const all = Array.from({ length: 20 }, (_, n) => timedOut(patiently(`e${n}`, work)))
  t.notOk((await Promise.all(all)).includes(false))
  t.equal(ends.length, 10)
  t.ok(await timedOut(patiently('f', () => Promise.resolve(1))))
  for (const end of ends) end()
  await new Promise(setImmediate)
  t.equal(await patiently('f', () => Promise.resolve(1)), 1)
})
