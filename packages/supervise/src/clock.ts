import { fromUnix } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import type { Time } from './state.ts'

/** The time now. Its monotonic clock is the kernel's, the same for every process of this boot. */
export function readTime(): Time {
  const { seconds, nanoseconds } = now()
  return { label: fromUnix(seconds, nanoseconds), monotonic: Number(process.hrtime.bigint()) / 1e6, random: Math.random() }
}
