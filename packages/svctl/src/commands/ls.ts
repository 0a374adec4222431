import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { print } from '../output.ts'

export interface LsArguments extends Globals {
  names: string[]
}

export const command: Command<LsArguments> = {
  builder: (yargs) => yargs.positional('names', { type: 'string', array: true, default: [] as string[], describe: 'names, paths or patterns; default: all' }),
  handler: (args) => {
    print(JSON.stringify(contextOf(args)))
  },
}
