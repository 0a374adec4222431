/** What can be told to a service: docs/protocol.md, "control". */
import { controls, type Letter } from '@daemontools-ts/servicedir'
import type { Goal } from '@daemontools-ts/client'

export interface Verb {
  letters: readonly Letter[]
  describe: string
  /** What it leads to if it is obeyed, for --wait without a word of its own. */
  goal?: Goal
  /** It makes no sense without a process. */
  needsProcess?: true
}

export const verbs = {
  up: { letters: ['u'], describe: 'start it, and start it again whenever it ends', goal: 'up' },
  down: { letters: ['d'], describe: 'end it, and do not start it again', goal: 'down' },
  once: { letters: ['o'], describe: 'start it, and do not start it again when it ends', goal: 'up' },
  restart: { letters: ['d', 'u'], describe: 'end it and start it, and wait until another process is up', goal: 'up' },
  term: { letters: ['t'], describe: 'send TERM', needsProcess: true },
  hup: { letters: ['h'], describe: 'send HUP', needsProcess: true },
  alarm: { letters: ['a'], describe: 'send ALRM', needsProcess: true },
  interrupt: { letters: ['i'], describe: 'send INT', needsProcess: true },
  quit: { letters: ['q'], describe: 'send QUIT', needsProcess: true },
  usr1: { letters: ['1'], describe: 'send USR1', needsProcess: true },
  usr2: { letters: ['2'], describe: 'send USR2', needsProcess: true },
  kill: { letters: ['k'], describe: 'send KILL', needsProcess: true },
  pause: { letters: ['p'], describe: 'stop it where it is', needsProcess: true },
  cont: { letters: ['c'], describe: 'let it go on', needsProcess: true },
} as const satisfies Record<string, Verb>

export type VerbName = keyof typeof verbs

/** The signals that a supervisor passes on, without SIG, with their letters. */
export const signalLetters: ReadonlyMap<string, Letter> = new Map([...controls].flatMap(([letter, { signal }]) => (signal === undefined ? [] : [[signal.slice(3), letter] as const])))
