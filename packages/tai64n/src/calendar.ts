import { localTime } from '@daemontools-ts/unix'

/** `YYYY-MM-DD HH:MM:SS` in the C library's local time, tai64nlocal's format: only the year is not padded. */
export function tellLocal(seconds: bigint): string | undefined {
  const time = localTime(seconds)
  if (time === undefined) return undefined
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${time.tm_year + 1900}-${two(time.tm_mon + 1)}-${two(time.tm_mday)}`
  return `${day} ${two(time.tm_hour)}:${two(time.tm_min)}:${two(time.tm_sec)}`
}
