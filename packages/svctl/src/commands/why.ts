import { describe, examine, type Facts, type LogLine, printable, readTail, type Service, severityOf } from '@daemontools-ts/client'
import { causeLines } from '../causes.ts'
import { localText } from '../clock.ts'
import { choose } from '../choose.ts'
import { paint } from '../color.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { print } from '../output.ts'
import { truncate } from '../text.ts'

/** The last lines of a log that belong to a cause. */
const mostLines = 3

export interface WhyArguments extends Globals {
  names: string[]
}

export const command: Command<WhyArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, default: [] as string[], defaultDescription: 'those in trouble', describe: 'names, paths or patterns' })
      .example('svctl why', 'every service that is in trouble')
      .example('svctl why fetchmail', 'one, whatever it does'),
  handler: async (args) => {
    const { root, json, width, color } = contextOf(args)
    const all = (await Promise.all(choose(args.names, root).map((place) => examine(place, root)))).map((facts) => ({ facts, service: describe(facts) }))
    const asked = args.names.length > 0 ? all : all.filter(({ service }) => severityOf(service.diagnoses) === 'trouble')
    if (json) return print(documentOf('svctl.why/1', { root, services: asked.map(({ service: { name, path, state, diagnoses, lastExit, nextStart } }) => ({ name, path, state, lastExit, nextStart, diagnoses })) }))
    if (asked.length === 0) return print(`none of the ${all.length} services in ${root} is in trouble`)
    print(asked.map(({ facts, service }) => reportOf(facts, service, { width, color }).join('\n')).join('\n\n'))
  },
}

function reportOf(facts: Facts, service: Service, view: { width: number; color: boolean }): string[] {
  const isTroubled = severityOf(service.diagnoses) !== 'fine'
  const lines = isTroubled && facts.log?.directory !== undefined ? readTail(facts.log.directory, mostLines) : []
  return [
    `${paint(printable(service.name), 'bold', view.color)}: ${service.state}`,
    ...causeLines(service.diagnoses, view),
    ...(lines.length === 0 ? [] : ['  its last lines:', ...lines.map((line) => `  ${lineText(line, view.width - 2)}`)]),
  ]
}

function lineText({ at, text }: LogLine, width: number): string {
  return truncate(at === undefined ? text : `${localText(at, 3)} ${text}`, width)
}
