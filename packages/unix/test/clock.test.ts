import t from 'tap'
import { now } from '../src/clock.ts'

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
