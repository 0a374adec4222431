import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { commandLineOf, conceal, describe, examine, type Facts, type Place, printable, type ProcessTree, readProcesses, readTail, treeOf, uptime } from '@daemontools-ts/client'
import { localText } from '../clock.ts'
import { choose } from '../choose.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { print } from '../output.ts'
import { type Details, statusScreen } from '../statusscreen.ts'
import { treeLines } from '../tree.ts'

export interface StatusArguments extends Globals {
  names: string[]
  lines: number
}

export const command: Command<StatusArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, demandOption: true, describe: 'names, paths or patterns' })
      .option('lines', { alias: 'n', type: 'number', default: 10, requiresArg: true, describe: 'of the log' })
      .example('svctl status fetchmail', 'all about one service'),
  handler: async (args) => {
    const context = contextOf(args)
    const { root, json, width, color } = context
    const all = await Promise.all(choose(args.names, root).map((place) => detailsOf(place, root, args.lines)))
    if (json) return print(documentOf('svctl.status/1', { root, services: all.map(({ service, target, processes, tail }) => ({ ...service, target, processes, logLines: tail.map(({ at, text }) => ({ at: at === undefined ? null : new Date(at), text })) })) }))
    print(all.map((details) => statusScreen(details, { width, color, localText }).join('\n')).join('\n\n'))
  },
}

/** A process as programs see it: by the name of its program alone. */
interface ProcessNode {
  pid: number
  program: string
  children: ProcessNode[]
}

async function detailsOf(place: Place, root: string, lines: number): Promise<Details & { processes: ProcessNode | null }> {
  const facts = await examine(place, root)
  const all = readProcesses()
  const service = describe(facts, all, uptime())
  const tree = service.pid === null || service.usage === null ? undefined : treeOf(service.pid, all)
  const directory = facts.log?.directory
  const tail = directory === undefined ? [] : readTail(directory, lines)
  return {
    service,
    now: facts.now,
    target: facts.target,
    tree: tree === undefined ? [] : treeLines(tree, nameOf),
    files: filesOf(facts),
    tail,
    noTail: directory !== undefined && tail.length === 0 && lines > 0 ? `nothing is in ${directory}/current, or it is closed to you` : undefined,
    processes: tree === undefined ? null : nodeOf(tree),
  }
}

function nameOf({ pid, command }: ProcessTree): string {
  const words = conceal(commandLineOf(pid))
  return printable(words.length === 0 ? `[${command}]` : words.join(' '))
}

function nodeOf({ command, pid, children }: ProcessTree): ProcessNode {
  return { pid, program: printable(command), children: children.map(nodeOf) }
}

/** The optional files with their values; of the environment, only how many variables it has. */
function filesOf({ files, path }: Facts): string[] {
  return [...files].map(([name, text]) => (name === 'env' ? `env/ (${count(join(path, 'env'))})` : text === '' ? name : `${name} ${printable(text)}`))
}

function count(folder: string): string {
  try {
    const variables = readdirSync(folder).filter((name) => !name.startsWith('.')).length
    return `${variables} ${variables === 1 ? 'variable' : 'variables'}, not shown`
  } catch {
    return 'closed to you'
  }
}
