/** Accounts, and the order of the programs that lead to them. */
import { allows, callsOf, pathIn, resolveIn, type Unit } from '../facts.ts'
import type { Link } from '@daemontools-ts/runscript'
import { type Rule, shellWord } from '../finding.ts'

/** Programs of a chain that take an account. */
const changers = ['setuidgid', 's6-setuidgid']
const namers = [...changers, 'envuidgid', 's6-envuidgid']

export const accountRules: readonly Rule<Unit>[] = [
  {
    id: 'unknown-account',
    severity: 'error',
    *check(unit) {
      for (const { script, call: { command, chain } } of callsOf(unit)) {
        for (const { program, args } of chain) {
          const account = namers.includes(program) ? args[0] : undefined
          if (account?.isLiteral !== true || !unit.accounts.has(account.text) || unit.accounts.get(account.text) !== undefined) continue
          const isForm = /^\d+$|:/.test(account.text)
          yield {
            file: pathIn(unit, script.name),
            line: command.line,
            what: isForm && program === 'setuidgid' ? `setuidgid takes the name of an account, not ${account.text}` : `there is no account ${account.text}`,
            why: `${program} says "unknown account ${account.text}" and exits 111, every second`,
            fix: isForm ? undefined : `useradd --system --no-create-home --shell /usr/sbin/nologin ${shellWord(account.text)}`,
          }
        }
      }
    },
  },
  {
    id: 'root-needed',
    severity: 'error',
    *check(unit) {
      for (const { script, call: { command, chain } } of callsOf(unit)) {
        const change = chain.findIndex(({ program, args }) => changers.includes(program) && args[0]?.text !== 'root')
        const late = change === -1 ? undefined : chain.slice(change + 1).find(needsRoot)
        if (late !== undefined) yield { file: pathIn(unit, script.name), line: command.line, what: `${late.program} stands behind ${chain[change]!.program}`, why: `only root may do what ${late.program} does, and ${chain[change]!.args[0]?.text} is not root any more: put it before` }
      }
    },
  },
  {
    id: 'envdir-unreadable',
    severity: 'error',
    *check(unit) {
      for (const { script, call: { command, chain } } of callsOf(unit)) {
        const change = chain.findIndex(({ program }) => changers.includes(program))
        const account = change === -1 ? undefined : unit.accounts.get(chain[change]!.args[0]?.text ?? '')
        if (account === undefined) continue
        for (const { program, args } of chain.slice(change + 1)) {
          const directory = program === 'envdir' && args[0]?.isLiteral === true ? unit.paths.get(resolveIn(unit, args[0].text)) : undefined
          if (directory !== undefined && !allows(directory, account, 5)) yield { file: pathIn(unit, script.name), line: command.line, what: `${chain[change]!.args[0]!.text} may not read ${args[0]!.text}`, why: 'envdir runs behind setuidgid, as that account: put it before' }
        }
      }
    },
  },
  {
    id: 'limit-too-low',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, chain, last } } of callsOf(unit)) {
        const least = Object.hasOwn(memory, last.program) ? memory[last.program]! : smallest
        for (const { program, args } of chain) {
          const limit = program === 'softlimit' || program === 's6-softlimit' ? memoryLimit(args) : undefined
          if (limit !== undefined && limit < least) yield { file: pathIn(unit, script.name), line: command.line, what: `softlimit leaves ${last.program} ${limit.toLocaleString('en')} bytes`, why: `it takes ${least.toLocaleString('en')} of address space to start: it would end with "out of memory" or a signal, every second` }
        }
      }
    },
  },
  {
    id: 'program-missing',
    severity: 'error',
    *check(unit) {
      for (const { script, call: { command, chain, isMain } } of callsOf(unit)) {
        if (!isMain) continue
        for (const { word, program } of chain) {
          if (!word.isLiteral || program === 'exec') continue
          const isPath = word.text.includes('/')
          const path = resolveIn(unit, word.text)
          const isMissing = isPath && unit.paths.has(path) && unit.paths.get(path) === undefined
          if (isMissing) yield { file: pathIn(unit, script.name), line: command.line, what: `there is no ${word.text}`, why: 'run says "not found" or "file does not exist", every second' }
        }
      }
    },
  },
  {
    id: 'program-not-on-path',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, chain, isMain } } of callsOf(unit)) {
        if (!isMain || setsPath(script.text)) continue
        for (const { word } of chain) {
          if (word.isLiteral && unit.programs.get(word.text) === false) yield { file: pathIn(unit, script.name), line: command.line, what: `${word.text} is not on the PATH of svscanboot`, why: 'that is /command:/usr/local/bin:/usr/local/sbin:/bin:/sbin:/usr/bin:/usr/sbin:/usr/X11R6/bin, whatever yours is: write its whole path' }
        }
      }
    },
  },
]

/** What runtimes take before they do anything, in bytes of address space: they map more than they use. */
const memory: { [program: string]: number } = { node: 1_000_000_000, nodejs: 1_000_000_000, bun: 1_000_000_000, deno: 1_000_000_000, java: 2_000_000_000, python: 30_000_000, python3: 30_000_000, ruby: 100_000_000, php: 100_000_000, perl: 15_000_000 }
/** The C library and its locale. */
const smallest = 2_000_000

/** Of `-m`, `-a` and `-d`, the least. */
function memoryLimit(args: Link['args']): number | undefined {
  const words = args.map(({ text }) => text)
  const limits = words.flatMap((word, at) => {
    const match = /^-[mad](\d*)$/.exec(word)
    const digits = match === null ? '' : match[1] !== '' ? match[1]! : (words[at + 1] ?? '')
    return /^\d+$/.test(digits) ? [Number(digits)] : []
  })
  return limits.length === 0 ? undefined : Math.min(...limits)
}

function needsRoot({ program, args }: Link): boolean {
  if (changers.includes(program) || program === 'chroot') return true
  const words = args.map(({ text }) => text)
  if (program === 'nice') return words.some((word, at) => /^-n-|^--?\d+$|^--adjustment=-/.test(word) && word.startsWith('--') || (word === '-n' && words[at + 1]?.startsWith('-') === true) || /^-n-\d/.test(word))
  return program === 'chpst' && words.some((word) => /^-[uU/]/.test(word))
}

function setsPath(text: string): boolean {
  return /\bPATH=/.test(text) || /^\s*(\.|source)\s/m.test(text)
}
