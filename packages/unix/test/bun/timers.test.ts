import t from 'tap'
import { trackTimers, untilNextWork } from '../../src/bun/timers.ts'

const minute = 60_000
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

trackTimers()

t.test('nothing to do: for ever', async (t) => {
  t.equal(untilNextWork(), -1)
})

t.test('a timer: until then, and no longer than until the first', async (t) => {
  const long = setTimeout(() => undefined, 2 * minute)
  t.ok(untilNextWork() > minute && untilNextWork() <= 2 * minute)
  const short = setTimeout(() => undefined, minute)
  t.ok(untilNextWork() > 0 && untilNextWork() <= minute)
  clearTimeout(short)
  t.ok(untilNextWork() > minute)
  clearTimeout(long)
  t.equal(untilNextWork(), -1)
})

t.test('a timer that is over is waited for no more, one that repeats is', async (t) => {
  await pause(1)
  t.equal(untilNextWork(), -1)
  const seen = new Promise<void>((resolve) => {
    const interval = setInterval(() => {
      t.ok(untilNextWork() >= 0, 'the next time is known')
      clearInterval(interval)
      resolve()
    }, 1)
  })
  t.ok(untilNextWork() >= 0)
  await seen
  t.equal(untilNextWork(), -1)
})

t.test('what is to be done at once: no wait until it is done', async (t) => {
  const done = new Promise<void>((resolve) => setImmediate(resolve))
  t.equal(untilNextWork(), 0)
  await done
  t.equal(untilNextWork(), -1)
  clearImmediate(setImmediate(() => t.fail('was taken back')))
  t.equal(untilNextWork(), -1)
  await pause(1)
})

t.test('callbacks get their values', async (t) => {
  t.same(await new Promise((resolve) => setTimeout((...values: unknown[]) => resolve(values), 1, 'a', 2)), ['a', 2])
  t.same(await new Promise((resolve) => setImmediate((...values: unknown[]) => resolve(values), 'a', 2)), ['a', 2])
})
