import { lookAt, untilReached } from '@daemontools-ts/client'
import { choose } from '../choose.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { outcome } from '../failure.ts'
import { print } from '../output.ts'

export interface IsUpArguments extends Globals {
  names: string[]
  ready: boolean | undefined
}

export const command: Command<IsUpArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, demandOption: true, describe: 'names, paths or patterns' })
      .option('ready', { type: 'boolean', describe: 'and have said that they are ready' })
      .example('svctl is-up fetchmail && echo yes', 'in a script'),
  handler: (args) => {
    const { root, json } = contextOf(args)
    const all = choose(args.names, root).map((place) => ({ name: place.name, path: place.path, holds: untilReached(lookAt(place, root), args.ready === true ? 'ready' : 'up') === 0 }))
    if (json) print(documentOf('svctl.is-up/1', { root, services: all }))
    process.exitCode = all.every(({ holds }) => holds) ? 0 : outcome.untrue
  },
}
