/** A letter of supervise/control: what svc calls it, and the signal it passes on to the service, if that is what it does. */
export interface Control {
  word: string
  signal?: NodeJS.Signals
}

/**
 * Each letter written once, in the order of svc's usage: svc has them as options, supervise reads them as bytes. `q`, `1` and `2` are
 * the sigq12 patch's. Which letters are taken elsewhere, and so kept free here, is in docs/protocol.md.
 */
const table = {
  up: ['u'],
  down: ['d'],
  once: ['o'],
  exit: ['x'],
  pause: ['p', 'SIGSTOP'],
  continue: ['c', 'SIGCONT'],
  hup: ['h', 'SIGHUP'],
  alarm: ['a', 'SIGALRM'],
  interrupt: ['i', 'SIGINT'],
  term: ['t', 'SIGTERM'],
  kill: ['k', 'SIGKILL'],
  quit: ['q', 'SIGQUIT'],
  usr1: ['1', 'SIGUSR1'],
  usr2: ['2', 'SIGUSR2'],
} as const

export type Letter = (typeof table)[keyof typeof table][0]

export const controls: ReadonlyMap<Letter, Control> = new Map(
  Object.entries(table).map(([word, [letter, signal]]) => [letter, signal === undefined ? { word } : { word, signal }]),
)

export function isLetter(text: string): text is Letter {
  return controls.has(text as Letter)
}
