import { type Tai64n, toUnix } from '@daemontools-ts/tai64'

/** A label as Unix time in milliseconds. */
export function millisecondsOf(label: Tai64n): number {
  return toUnix(label) * 1000 + label.nanoseconds / 1e6
}

/** A length of time as people say it, in at most two units: `3s`, `5m 2s`, `4h 10m`, `12d 3h`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return two(seconds, 60, 'm', 1, 's')
  if (seconds < 86_400) return two(seconds, 3600, 'h', 60, 'm')
  return two(seconds, 86_400, 'd', 3600, 'h')
}

function two(seconds: number, unit: number, name: string, below: number, nameBelow: string): string {
  const rest = Math.floor((seconds % unit) / below)
  return `${Math.floor(seconds / unit)}${name}${rest === 0 ? '' : ` ${rest}${nameBelow}`}`
}
