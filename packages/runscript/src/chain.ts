import type { Word } from './scan.ts'

/** One program of a chain such as `exec setuidgid fetchmail fetchmail -N`: each but the last runs what follows it. */
export interface Link {
  /** Without its folder. */
  program: string
  word: Word
  /** Its own arguments, those for the next program not among them. */
  args: Word[]
}

/** How a program that runs another takes its own arguments. */
interface Loader {
  /** Letters of options that take an argument, if not in the same word. */
  withArgument?: string
  /** Long options that take one in the next word. */
  longWithArgument?: readonly string[]
  /** How many words stand before the program, after the options. */
  operands?: number
  /** Words NAME=VALUE stand before the program. */
  hasAssignments?: boolean
}

const loaders: { [name: string]: Loader } = {
  exec: { withArgument: 'a' },
  command: {},
  setuidgid: { operands: 1 },
  envuidgid: { operands: 1 },
  envdir: { operands: 1 },
  softlimit: { withArgument: 'acdflmoprst' },
  setlock: { operands: 1 },
  pgrphack: {},
  fghack: {},
  ptybandage: {},
  's6-setuidgid': { operands: 1 },
  's6-envuidgid': { operands: 1 },
  's6-envdir': { operands: 1, withArgument: 'm' },
  's6-softlimit': { withArgument: 'acdflmoprst' },
  's6-setlock': { operands: 1, withArgument: 't' },
  chpst: { withArgument: 'uUbenlLmdofcrtpC/' },
  env: { withArgument: 'uC', longWithArgument: ['--unset', '--chdir'], hasAssignments: true },
  nice: { withArgument: 'n', longWithArgument: ['--adjustment'] },
  ionice: { withArgument: 'cn' },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  stdbuf: { withArgument: 'ioe' },
  nohup: {},
  setsid: {},
  chroot: { operands: 1 },
  timeout: { operands: 1, withArgument: 'ks' },
  catchsegv: {},
  tini: { withArgument: 'pe' },
  'dumb-init': { withArgument: 'r' },
  setpriv: { longWithArgument: ['--reuid', '--regid', '--groups', '--pdeathsig', '--securebits', '--bounding-set', '--inh-caps', '--ambient-caps'] },
  runuser: { withArgument: 'ugG' },
  sudo: { withArgument: 'ugCDhpRTU' },
  doas: { withArgument: 'uC' },
}

/** The programs of a command, from the first to the one that does the work. */
export function chainOf(words: readonly Word[]): Link[] {
  const chain: Link[] = []
  for (let at = 0; at < words.length; ) {
    const word = words[at]!
    const program = word.text.slice(word.text.lastIndexOf('/') + 1)
    const loader = Object.hasOwn(loaders, program) ? loaders[program] : undefined
    const next = loader === undefined ? words.length : skipArguments(words, at + 1, loader)
    chain.push({ program, word, args: words.slice(at + 1, next) })
    at = next
  }
  return chain
}

function skipArguments(words: readonly Word[], start: number, { withArgument = '', longWithArgument = [], operands = 0, hasAssignments = false }: Loader): number {
  let at = start
  for (; at < words.length; at++) {
    const { text } = words[at]!
    if (text === '--') {
      at++
      break
    }
    if (!text.startsWith('-')) break
    if (text.startsWith('--')) at += longWithArgument.includes(text) ? 1 : 0
    else if (takesNext(text, withArgument)) at++
  }
  if (hasAssignments) while (words[at]?.text.includes('=') === true) at++
  return Math.min(at + operands, words.length)
}

/** Whether the argument of a bundle of letters is in the word behind it. */
function takesNext(bundle: string, withArgument: string): boolean {
  const first = [...bundle].findIndex((letter, index) => index > 0 && withArgument.includes(letter))
  return first !== -1 && first === bundle.length - 1
}
