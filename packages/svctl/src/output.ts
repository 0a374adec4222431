/** What svctl prints is text; the classic commands' is bytes. */
import { die, say } from '@daemontools-ts/command'
import { writeOutput } from '@daemontools-ts/unix'

/** Writes a line, or several, to standard output. If nobody can read them any more, that is said, exit 111. */
export function print(text: string): void {
  write(text === '' ? '' : `${text}\n`)
}

/** Writes text as it is. */
export function write(text: string): void {
  try {
    writeOutput(Buffer.from(text))
  } catch (error) {
    die('svctl', 'unable to write output', error)
  }
}

/** A message, to standard error. */
export function complain(text: string): void {
  say(Buffer.from(text).toString('latin1'))
}
