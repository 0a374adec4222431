/** supervise/reason: what finish has to say about an end: docs/protocol.md. */
import type { Reason } from './facts.ts'

/** The clock of file times is behind by a tick of the kernel at most. */
const toleranceMilliseconds = 20

/**
 * @param text The file's. @param writtenAt When it was last written, @param endedAt and when the service last ended, in milliseconds of Unix time.
 * Undefined: it is about an earlier end, or says nothing.
 */
export function readReason(text: string, writtenAt: number, endedAt: number): Reason | undefined {
  if (writtenAt < endedAt - toleranceMilliseconds) return undefined
  const line = printable(text.split('\n', 1)[0]!).trim()
  if (line === '') return undefined
  const [, cause, cure] = /^(.*?)(?: -(?: (.*))?)?$/.exec(line)!
  return { cause: cause!.trim(), cure: cure?.trim() || undefined }
}

/** Text from a file that is not ours: what a terminal would obey is shown as a question mark. */
export function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?')
}
