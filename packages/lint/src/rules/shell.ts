/** What a run script does with the process that supervise has started. */
import { type Link, parseScript } from '@daemontools-ts/runscript'
import { callsOf, pathIn, shellScripts, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

export const shellRules: readonly Rule<Unit>[] = [
  {
    id: 'no-exec',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, chain, isMain, last } } of callsOf(unit)) {
        if (script.name !== 'run' || !isMain || chain[0]!.program === 'exec' || command.isBackground || command.isPiped) continue
        yield { file: pathIn(unit, 'run'), line: command.line, what: `no exec before ${last.program}`, why: `the shell stays, and gets the signals of svc in the place of ${last.program}`, fix: `sed -i ${shellWord(`${command.line}s/^/exec /`)} ${shellWord(pathIn(unit, 'run'))}` }
      }
    },
  },
  {
    id: 'after-exec',
    severity: 'warning',
    *check(unit) {
      for (const script of shellScripts(unit)) {
        const { commands } = script.script
        const index = commands.findIndex(({ words, depth, isConditional, isPiped, isBackground }) => depth === 0 && !isConditional && !isPiped && !isBackground && words[0]?.text === 'exec' && words.length > 1)
        const next = commands[index + 1]
        if (index !== -1 && next !== undefined && !next.isConditional && commands[index]!.words.length > 1) yield { file: pathIn(unit, script.name), line: next.line, what: 'this is never reached', why: `line ${commands[index]!.line} has replaced the shell by another program` }
      }
    },
  },
  {
    id: 'background',
    severity: 'error',
    *check(unit) {
      for (const script of shellScripts(unit)) {
        if (script.name !== 'run') continue
        const last = script.script.commands.at(-1)
        const waits = script.script.commands.some(({ words }) => words[0]?.text === 'wait')
        if (last?.isBackground === true && !waits) yield { file: pathIn(unit, 'run'), line: last.line, what: 'the last program is put into the background with &', why: 'run ends at once and is started again every second, beside what is running already' }
      }
    },
  },
  {
    id: 'pipeline',
    severity: 'warning',
    *check(unit) {
      const script = shellScripts(unit).find(({ name }) => name === 'run')
      const last = script?.script.last
      if (script === undefined || last?.isPiped !== true) return
      yield { file: pathIn(unit, 'run'), line: last.line, what: 'it ends in a pipeline', why: 'supervise knows the shell only: svc -t leaves the programs of the pipeline behind; a log of its own (log/run) reads what run writes' }
    },
  },
  {
    id: 'stays-in-between',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { chain, isMain, last, command } } of callsOf(unit)) {
        if (!isMain || script.name !== 'run') continue
        const between = chain.find(({ program }) => ['sudo', 'su', 'runuser', 'doas', 'timeout'].includes(program)) ?? (runsOneProgram(last) ? last : undefined)
        if (between === undefined) continue
        yield { file: pathIn(unit, script.name), line: command.line, what: `${between.program} stays between supervise and ${between === last ? 'the program' : last.program}`, why: 'it gets the signals of svc, and may not pass them on; setuidgid, softlimit, env and exec become the program' }
      }
    },
  },
  {
    id: 'secret-in-arguments',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command } } of callsOf(unit)) {
        const assigned = command.assignments.map(({ name, value }) => ({ text: `${name}=${value.text}`, isLiteral: value.isLiteral }))
        const words = [...assigned, ...command.words]
        const index = words.findIndex(({ text, isLiteral }, at) => isLiteral && holdsSecret(text, words[at + 1]))
        if (index !== -1) yield { file: pathIn(unit, script.name), line: command.line, what: `${words[index]!.text.replace(/=[^]*/, '=...')} holds a secret`, why: 'everybody can read the arguments of a program with ps, and most can read this file; put it into a file of mode 0600, or into env/ for envdir' }
      }
    },
  },
  {
    id: 'pid-file',
    severity: 'warning',
    *check(unit) {
      for (const script of shellScripts(unit)) {
        for (const { line, words, redirections } of script.script.commands) {
          const option = words.find(({ text }) => /^--?(pid-?file|pid_file)(=|$)/.test(text))
          const written = redirections.find(({ operator, target }) => operator.includes('>') && /\.pid$/.test(target.text))
          if (option === undefined && written === undefined) continue
          yield { file: pathIn(unit, script.name), line, what: 'it keeps a pid file', why: 'supervise knows the process; a stale pid file keeps a program from starting, or names somebody else\'s process' }
        }
      }
    },
  },
]

/** `sh -c` with one program and no exec: with more than that the shell is the program. */
function runsOneProgram({ program, args }: Link): boolean {
  const at = args.findIndex(({ text }) => text === '-c')
  const text = at === -1 || !['sh', 'bash', 'dash'].includes(program) ? undefined : args[at + 1]?.text
  if (text === undefined) return false
  const { commands, last } = parseScript(text)
  return commands.length === 1 && last !== undefined && last.words.length > 0 && last.words[0]!.text !== 'exec'
}

const secretName = '(?:[a-z0-9_-]*(?:passw(?:or)?d|passphrase|secret|api-?_?key|token|pwd))'

function holdsSecret(text: string, next: { text: string; isLiteral: boolean } | undefined): boolean {
  const value = new RegExp(`^-{0,2}${secretName}=(.+)$`, 'i').exec(text)?.[1]
  if (value !== undefined) return !isReference(value)
  return new RegExp(`^--?${secretName}$`, 'i').test(text) && next !== undefined && next.isLiteral && !next.text.startsWith('-') && !isReference(next.text)
}

/** It says where the secret is. */
function isReference(value: string): boolean {
  return /^[./~]|^(file|fd|env):/.test(value)
}
