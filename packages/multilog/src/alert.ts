/** The longest line that is shown whole, in bytes. */
const shownLength = 200

/** What is shown on stderr of a line (`e`), without its newline. */
export function alert(bytes: Buffer, start: number, end: number): string {
  const long = end - start > shownLength
  return bytes.toString('latin1', start, long ? start + shownLength : end) + (long ? '...' : '')
}
