import { chainOf, parseScript } from '@daemontools-ts/runscript'
import type { Call, FileFact, ScriptFact } from './facts.ts'

const shells = ['sh', 'dash', 'bash', 'ash', 'ksh', 'zsh', 'mksh']
const builtins = new Set(': . [ alias break bg cd command continue echo eval exit export false fg getopts hash jobs kill let local printf pwd read readonly return set shift source test times trap true type typeset ulimit umask unalias unset wait'.split(' '))

/** A program of a service directory, read as far as it can be. */
export function readScript(name: string, file: FileFact): ScriptFact {
  const text = file.text ?? ''
  const interpreter = /^#!([^\n]*)/.exec(text)?.[1]?.trim()
  // Without a first line of its own /bin/sh runs it; what is not text is a program.
  const isShell = interpreter === undefined ? !text.slice(0, 512).includes('\0') : shells.includes(programOf(interpreter))
  const script = parseScript(isShell ? text : '')
  return { name, file, text, interpreter, isShell, script, calls: isShell ? callsIn(script) : [] }
}

/** What is behind `#!` runs: the program that env looks for, if it is env. */
export function programOf(interpreter: string): string {
  const words = interpreter.replaceAll('\r', '').split(/[ \t]+/)
  const isEnv = words[0]?.endsWith('/env') === true
  const word = (isEnv ? words.find((each, index) => index > 0 && !each.startsWith('-') && !each.includes('=')) : words[0]) ?? ''
  return word.slice(word.lastIndexOf('/') + 1)
}

function callsIn(script: ScriptFact['script']): Call[] {
  return script.commands.flatMap((command): Call[] => {
    const chain = chainOf(command.words)
    const last = chain.at(-1)
    if (last === undefined || last.program === 'exec' || builtins.has(chain[0]!.program)) return []
    const isExec = chain[0]!.program === 'exec'
    return [{ command, chain, last, isMain: isExec || (command === script.last && !command.isConditional) }]
  })
}
