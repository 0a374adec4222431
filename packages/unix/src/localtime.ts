import { cString } from './files.ts'
import type { BrokenDownTime } from './libc.ts'
import { getLibc } from './native.ts'

/**
 * Lets localTime() speak of this zone from now on: the value of TZ, undefined for the system's.
 */
export function setTimeZone(zone: string | undefined): void {
  const libc = getLibc()
  if (zone === undefined) libc.unsetenv(cString('TZ'))
  else libc.setenv(cString('TZ'), cString(zone), 1)
  libc.tzset()
}

/**
 * Local time as the C library tells it: JavaScript's own knows neither POSIX rules such as `CET-1CEST` nor the zones that count leap seconds.
 * @param seconds Unix time. Undefined where the year would not fit an int.
 */
export function localTime(seconds: bigint): BrokenDownTime | undefined {
  const fields = {} as BrokenDownTime
  return getLibc().localtime_r([seconds], fields) === null ? undefined : fields
}
