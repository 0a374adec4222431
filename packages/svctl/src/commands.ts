/** Every subcommand, in the order of the help. Each is loaded when it is called: `svctl ls` does not read what `svctl logs` needs. */
import type { Command, Globals } from './command.ts'
import { type VerbName, verbs } from './verbs.ts'

export interface Entry {
  /** Its name and arguments, as yargs writes them. */
  usage: string
  describe: string
  load(): Promise<Command<never> | Command<Globals>>
}

export const entries: readonly Entry[] = [
  { usage: 'ls [names..]', describe: 'how services are, those in trouble first', load: async () => (await import('./commands/ls.ts')).command },
  { usage: 'status <names..>', describe: 'all about one: its end, its processes, its files, its log', load: async () => (await import('./commands/status.ts')).command },
  { usage: 'why [names..]', describe: 'the cause, and the cure', load: async () => (await import('./commands/why.ts')).command },
  ...Object.entries(verbs).map(([name, { describe }]) => ({ usage: `${name} <names..>`, describe, load: async () => (await import('./commands/control.ts')).commandFor(name as VerbName) })),
  { usage: 'signal <signal> <names..>', describe: 'send a signal by its name', load: async () => (await import('./commands/control.ts')).signalCommand },
  { usage: 'wait <names..>', describe: 'until they are up, ready or down', load: async () => (await import('./commands/wait.ts')).command },
  { usage: 'is-up <names..>', describe: 'exit 0 if all are up, 1 if not; prints nothing', load: async () => (await import('./commands/is-up.ts')).command },
  { usage: 'events [names..]', describe: 'starts, ends and other changes', load: async () => (await import('./commands/events.ts')).command },
  { usage: 'logs [names..]', describe: 'what services have written, all in the order of time', load: async () => (await import('./commands/logs.ts')).command },
  { usage: 'check [dirs..]', describe: 'what is wrong in service directories, and the cure', load: async () => (await import('./commands/check.ts')).command },
  { usage: 'new [name] [program..]', describe: 'make a service directory for a program', load: async () => (await import('./commands/new.ts')).command },
  { usage: 'completion <shell>', describe: 'a script for bash, zsh or fish', load: async () => (await import('./commands/completion.ts')).command },
]

/** The word by which it is called. */
export function nameOf({ usage }: Entry): string {
  return usage.split(' ', 1)[0]!
}
