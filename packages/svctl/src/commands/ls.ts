import { readServices, severityOf } from '@daemontools-ts/client'
import { choose } from '../choose.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { inOrder, listScreen } from '../list.ts'
import { print, write } from '../output.ts'

export interface LsArguments extends Globals {
  names: string[]
}

export const command: Command<LsArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, default: [] as string[], defaultDescription: 'all', describe: 'names, paths or patterns' })
      .example('svctl ls', 'all services')
      .example("svctl ls 'mail*'", 'some'),
  handler: (args) => {
    const { root, json, width, color, isTerminal } = contextOf(args)
    const services = readServices(choose(args.names, root), root)
    if (json) return print(documentOf('svctl.ls/1', { root, services: inOrder(services) }))
    if (services.length === 0) return print(`no services in ${root}`)
    print(listScreen(services, { now: Date.now(), width, color }).join('\n'))
    const troubled = services.filter(({ diagnoses }) => severityOf(diagnoses) === 'trouble').length
    // For a person; a program reads lines.
    if (troubled > 0 && isTerminal) {
      write('\n')
      print(`${troubled} of ${services.length} in trouble; the causes: svctl why`)
    }
  },
}
