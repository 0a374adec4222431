import { getopt } from '@daemontools-ts/command'

const usage = 'setlock: usage: setlock [ -nNxX ] file program [ arg ... ]'

export interface Order {
  /** -N: if somebody holds the lock, wait for him. */
  wait: boolean
  /** -x: end without a word, exit 0, if the lock cannot be had. */
  silent: boolean
  file: string
  child: string[]
}

/** What setlock's command line asks for. Of -n and -N, and of -x and -X, the last one counts. */
export function parseRequest(args: readonly string[]): Order | { complaints: string[] } {
  const parsed = getopt(args, 'nNxX')
  if ('complaint' in parsed) return { complaints: [parsed.complaint, usage] }
  const [file, ...child] = parsed.operands
  if (file === undefined || child.length === 0) return { complaints: [usage] }
  const last = (letters: string): string | undefined => parsed.options.findLast(({ letter }) => letters.includes(letter))?.letter
  return { wait: last('nN') !== 'n', silent: last('xX') === 'x', file, child }
}
