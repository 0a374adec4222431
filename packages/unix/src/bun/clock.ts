/** What clock.ts is in the standalone executable: the kernel's clocks themselves. */
import type { Moment } from '../clock.ts'
import { bindFunctions } from './native.ts'

const [CLOCK_REALTIME, CLOCK_MONOTONIC] = [0, 1]
/** struct timespec: seconds, nanoseconds. */
const time = new BigInt64Array(2)

/** The time now, to the microsecond. */
export function now(): Moment {
  getCalls().clock_gettime(CLOCK_REALTIME, time)
  const [seconds, nanoseconds] = [Number(time[0]), Number(time[1])]
  // 0.76 reads microseconds and adds half of one.
  return { seconds, nanoseconds: Math.floor(nanoseconds / 1000) * 1000 + 500 }
}

/** Milliseconds on the monotonic clock, the same for every process of this boot. */
export function monotonic(): number {
  getCalls().clock_gettime(CLOCK_MONOTONIC, time)
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6
}

let calls: { clock_gettime(clock: number, time: BigInt64Array): number } | undefined

function getCalls() {
  return (calls ??= bindFunctions<{ clock_gettime(clock: number, time: BigInt64Array): number }>({
    clock_gettime: 'int clock_gettime(int clock, void *time)',
  }))
}
