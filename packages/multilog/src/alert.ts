import * as fs from 'node:fs'

/** The longest line that is shown whole, in bytes. */
const shownLength = 200

/** Shows a line on stderr, in one write (`e`). Nobody minds if nobody can see it. */
export function alert(bytes: Buffer, start: number, end: number): void {
  const long = end - start > shownLength
  const text = bytes.toString('latin1', start, long ? start + shownLength : end) + (long ? '...\n' : '\n')
  try {
    fs.writeSync(2, text, null, 'latin1')
  } catch {
    // unchecked in C too
  }
}
