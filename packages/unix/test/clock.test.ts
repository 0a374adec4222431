import fc from 'fast-check'
import t from 'tap'
import { FineClock, now } from '../src/clock.ts'

t.test('now agrees with the system to its tolerance, in microseconds and a half, never backwards', async (t) => {
  let last = 0n
  for (let i = 0; i < 20000; i++) {
    const before = Date.now()
    const { seconds, nanoseconds } = now()
    const after = Date.now()
    const moment = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
    const milliseconds = Number(moment / 1_000_000n)
    if (nanoseconds % 1000 !== 500 || nanoseconds > 999_999_999) t.fail(`nanoseconds ${nanoseconds}`)
    if (milliseconds < before - 3 || milliseconds > after + 3) t.fail(`${milliseconds} is not between ${before} and ${after}`)
    if (moment < last) t.fail(`${moment} after ${last}`)
    last = moment
  }
})

t.test('FineClock: whatever it was told at first, it is soon within a millisecond and never goes back', async () => {
  const start = 1_795_000_000_000_000
  const pauses = fc.array(fc.record({ pause: fc.oneof(fc.nat(50), fc.nat(3000)), wait: fc.oneof(fc.constant(0), fc.nat(1000)) }), { minLength: 1, maxLength: 200 })
  fc.assert(fc.property(fc.integer({ min: -5000, max: 5000 }), pauses, (error, pauses) => {
    const clock = new FineClock(start + error)
    const coarse = (time: number): number => Math.floor((start + time) / 1000) * 1000
    let [time, last] = [0, 0]
    for (const { pause, wait } of pauses) {
      time += pause
      const read = clock.read(coarse(time), time, coarse(time + wait))
      if (read < last || (read === last && pause >= 4)) throw new Error(`${read} after ${last}`)
      if (read < start + time - 1000 || read > start + time + wait + 3000) throw new Error(`${read} at ${start + time}`)
      last = read
      time += wait
    }
  }), { numRuns: 2000 })
})

t.test('FineClock: set back, or forward, it follows', async (t) => {
  for (const step of [-3600e6, -1e6, -10_000, 10_000, 1e6]) {
    const clock = new FineClock(1e15)
    t.equal(clock.read(1e15, 500, 1e15), 1e15 + 500)
    const set = clock.read(1e15 + step, 600, 1e15 + step)
    t.ok(set >= 1e15 + step && set < 1e15 + step + 1000, `${step}`)
    t.equal(clock.read(1e15 + step + 2000, 2600, 1e15 + step + 2000), set + 2000, 'and goes on from there')
  }
})
