import { fromUnix } from '@daemontools-ts/tai64'
import { monotonic, now } from '@daemontools-ts/unix'
import type { Time } from './state.ts'

export function readTime(): Time {
  const { seconds, nanoseconds } = now()
  return { label: fromUnix(seconds, nanoseconds), monotonic: monotonic(), random: Math.random() }
}
