import { toUnix, unpackLabel } from '@daemontools-ts/tai64'

/** The Unix time of a label as it is written, in seconds. */
export function secondsOf(label: string): number {
  return toUnix(unpackLabel(Buffer.from(label.slice(1), 'hex')))
}

/** What is behind the seconds of a label, in nanoseconds. */
export function nanosecondsOf(label: string): number {
  return Number.parseInt(label.slice(17), 16)
}
