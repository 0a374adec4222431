/** Local time as tai64nlocal tells it: the C library's, by TZ. */
import { localTime, setTimeZone } from '@daemontools-ts/unix'
import { variable } from './context.ts'

let isSet = false

/** `2026-11-27 18:00:00` for Unix time in milliseconds; with a number of digits behind the second. */
export function localText(milliseconds: number, digits = 0): string {
  if (!isSet) setTimeZone(variable('TZ'))
  isSet = true
  const time = localTime(BigInt(Math.floor(milliseconds / 1000)))
  if (time === undefined) return '?'
  const two = (number: number): string => `${number}`.padStart(2, '0')
  const day = `${time.tm_year + 1900}-${two(time.tm_mon + 1)}-${two(time.tm_mday)}`
  const fraction = digits === 0 ? '' : `.${`${Math.floor(((milliseconds % 1000) + 1000) % 1000)}`.padStart(3, '0').slice(0, digits)}`
  return `${day} ${two(time.tm_hour)}:${two(time.tm_min)}:${two(time.tm_sec)}${fraction}`
}
