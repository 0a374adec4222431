/** Standard output: byte strings in, bytes out. */
import { die } from '@daemontools-ts/command'
import { writeOutput } from '@daemontools-ts/unix'

/** A line, or several. */
export function print(text: string): void {
  try {
    writeOutput(text + '\n')
  } catch (error) {
    die('fetchmail-service', 'unable to write output', error)
  }
}

/** One document. @param value Its strings are byte strings; JSON is UTF-8. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? Buffer.from(part, 'latin1').toString('utf8') : part), 2).replace(/[^\x00-\x7f]/g, (character) => Buffer.from(character).toString('latin1')))
}
