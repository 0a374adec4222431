import { chainOf, type Link } from './chain.ts'
import type { Script } from './parse.ts'
import type { Word } from './scan.ts'

const loggers: { [name: string]: (args: readonly Word[]) => Word[] } = {
  // multilog and s6-log: an argument that begins so is a directory, wherever it stands
  multilog: (args) => args.filter(isDirectory),
  's6-log': (args) => args.filter(isDirectory),
  svlogd: (args) => operandsOf(args, 'rRlb'),
}

/** A program that keeps logs, and the directories that it keeps them in, as they are written. */
export interface Logger {
  link: Link
  directories: Word[]
  /** In which it runs, relative to the service directory; undefined if that cannot be seen. */
  workingDirectory: Word | undefined
}

/** The first logger that a script runs, undefined if there is none to be seen. */
export function findLogger(script: Script): Logger | undefined {
  let workingDirectory: Word | undefined = { text: '.', isLiteral: true, line: 0 }
  for (const { words } of script.commands) {
    if (words[0]?.text === 'cd') workingDirectory = words[1]
    for (const link of chainOf(words)) {
      if (Object.hasOwn(loggers, link.program)) return { link, directories: loggers[link.program]!(link.args), workingDirectory }
    }
  }
  return undefined
}

function isDirectory({ text }: Word): boolean {
  return text.startsWith('.') || text.startsWith('/') || text.startsWith('$')
}

function operandsOf(args: readonly Word[], withArgument: string): Word[] {
  let at = 0
  for (; args[at]?.text.startsWith('-') === true; at++) if (withArgument.includes(args[at]!.text.at(-1)!)) at++
  return args.slice(at)
}
