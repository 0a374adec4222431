import { events, look, past, type ServiceEvent } from '@daemontools-ts/client'
import { choose } from '../choose.ts'
import { localText } from '../clock.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { exitText } from '../exit.ts'
import { print } from '../output.ts'

export interface EventsArguments extends Globals {
  names: string[]
  follow: boolean | undefined
}

export const command: Command<EventsArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, default: [] as string[], defaultDescription: 'all', describe: 'names, paths or patterns' })
      .option('follow', { alias: 'f', type: 'boolean', describe: 'go on with what happens from now on' })
      .example('svctl events -f', 'starts and ends as they happen')
      .example('svctl events -f --json | jq .', 'for a program'),
  handler: async (args) => {
    const { root, json } = contextOf(args)
    const places = choose(args.names, root)
    const show = (event: ServiceEvent): void => print(json ? JSON.stringify({ schema: 'svctl.event/1', ...event }) : lineOf(event))
    if (args.follow !== true) return past(look(places, root).values()).forEach(show)
    for await (const event of events(root, { history: true, ...(args.names.length > 0 && { places }) })) show(event)
  },
}

function lineOf(event: ServiceEvent): string {
  return `${localText(event.at.getTime(), 3)} ${event.name}: ${wordsOf(event)}`
}

function wordsOf(event: ServiceEvent): string {
  switch (event.event) {
    case 'started':
      return `started, pid ${event.pid}`
    case 'ended':
      return `${exitText(event.exit)}${event.missed === 0 ? '' : `, and ${event.missed} times before, too quick to be seen`}`
    case 'wanted':
      return `wanted ${event.want}`
    default:
      return event.event
  }
}
