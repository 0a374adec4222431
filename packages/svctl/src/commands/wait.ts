import { type Goal, isUp, waitFor } from '@daemontools-ts/client'
import { choose } from '../choose.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { Misuse } from '../failure.ts'
import { print } from '../output.ts'
import { codeOf, missed, report, type Told } from '../tell.ts'
import { defaultTimeoutSeconds, milliseconds } from './control.ts'

export interface WaitArguments extends Globals {
  names: string[]
  up: boolean | undefined
  ready: boolean | undefined
  down: boolean | undefined
  for: number
  timeout: number
}

export const command: Command<WaitArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, demandOption: true, describe: 'names, paths or patterns' })
      .option('up', { type: 'boolean', describe: 'until all are up (the default)' })
      .option('ready', { type: 'boolean', describe: 'until all have said that they are ready' })
      .option('down', { type: 'boolean', describe: 'until all are down, and not about to start' })
      .option('for', { type: 'number', requiresArg: true, default: 0, describe: 'seconds that they have to be up' })
      .option('timeout', { type: 'number', requiresArg: true, default: defaultTimeoutSeconds, describe: 'seconds to wait; then exit 99' })
      .example('svctl wait --up --for 3 fetchmail', 'up, and still up after three seconds'),
  handler: async (args) => {
    const { root, json } = contextOf(args)
    const goal = goalOf(args)
    const timeout = milliseconds('timeout', args.timeout)
    const lasting = milliseconds('for', args.for)
    const told = await Promise.all(
      choose(args.names, root).map(async (place): Promise<Told> => {
        const waited = await waitFor(place, goal, { root, timeout, lasting })
        const code = codeOf(waited)
        const pid = isUp(waited.facts) ? waited.facts.status!.pid : null
        const said = code === 0 ? `${goal}${pid === null ? '' : `, pid ${pid}`}` : missed(waited, goal, timeout)
        return { name: place.name, path: place.path, done: code === 0, code, said, pid }
      }),
    )
    if (json) print(documentOf('svctl.wait/1', { root, services: told }))
    process.exitCode = json ? (told.find(({ code }) => code !== 0)?.code ?? 0) : report(told)
  },
}

function goalOf({ up, ready, down }: WaitArguments): Goal {
  if ([up, ready, down].filter(Boolean).length > 1) throw new Misuse('one of --up, --ready and --down is enough')
  return down === true ? 'down' : ready === true ? 'ready' : 'up'
}
