import type { Status } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'

/**
 * What svstat says of a status.
 * @param hasDownFile Whether the service directory has a file `down`. @param now Unix time in seconds.
 */
export function sentence(status: Status, hasDownFile: boolean, now: number): string {
  const { pid, paused, want } = status
  const { tai } = fromUnix(now, 0)
  // A label from the future, after a clock was set back, counts as now. svstat.c counts in a double, and prints all its digits.
  const seconds = tai > status.changed.tai ? BigInt(Number(tai - status.changed.tai)) : 0n
  const notes: [boolean, string][] = [
    [pid !== 0 && hasDownFile, ', normally down'],
    [pid === 0 && !hasDownFile, ', normally up'],
    [pid !== 0 && paused, ', paused'],
    [pid === 0 && want === 'up', ', want up'],
    [pid !== 0 && want === 'down', ', want down'],
  ]
  const head = pid !== 0 ? `up (pid ${pid}) ` : 'down '
  return `${head}${seconds} seconds${notes.map(([holds, note]) => (holds ? note : '')).join('')}`
}
