/** Every subcommand, in the order of the help. Each is loaded when it is called: `svctl ls` does not read what `svctl logs` needs. */
import type { Command, Globals } from './command.ts'

export interface Entry {
  /** Its name and arguments, as yargs writes them. */
  usage: string
  describe: string
  load(): Promise<Command<never> | Command<Globals>>
}

export const entries: readonly Entry[] = [
  { usage: 'ls [names..]', describe: 'how services are, those in trouble first', load: async () => (await import('./commands/ls.ts')).command },
]

/** The word by which it is called. */
export function nameOf({ usage }: Entry): string {
  return usage.split(' ', 1)[0]!
}
