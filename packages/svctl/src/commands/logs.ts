import { findLogs, type Found, Json, type Log, logsOf, readBatches, Show } from '@daemontools-ts/logread'
import { warn } from '@daemontools-ts/command'
import { errnoOf, writeOutput } from '@daemontools-ts/unix'
import { choose } from '../choose.ts'
import { localText } from '../clock.ts'
import { paint } from '../color.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf, toText } from '../context.ts'
import { Failure, Misuse } from '../failure.ts'
import { momentFor } from '../moment.ts'

export interface LogsArguments extends Globals {
  names: string[]
  follow: boolean
  since: string | undefined
  until: string | undefined
  lines: string | undefined
  grep: string | undefined
  events: boolean
  dir: string[]
}

const EPIPE = 32
/** What `-f` shows of what there is already, as tail does. */
const followedLines = 10

export const command: Command<LogsArguments> = {
  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, default: [] as string[], defaultDescription: 'all', describe: 'names, paths or patterns; paths of log directories too' })
      .option('follow', { alias: 'f', type: 'boolean', default: false, describe: 'the last ten lines, and go on with what is written from now on' })
      .option('lines', { alias: 'n', type: 'string', requiresArg: true, describe: 'only the last so many of all' })
      .option('since', { type: 'string', requiresArg: true, describe: '10m, "2h ago", today, 2026-11-27T19:30, 19:30, or a TAI64N label' })
      .option('until', { type: 'string', requiresArg: true, describe: 'the same' })
      .option('grep', { alias: 'g', type: 'string', requiresArg: true, describe: 'only lines that match this regular expression' })
      .option('events', { type: 'boolean', default: true, describe: 'starts and ends of the services between their lines; --no-events: none' })
      .option('dir', { type: 'string', array: true, requiresArg: true, default: [] as string[], describe: 'log directories, whoever writes them' })
      .example('svctl logs -f', 'everything, as it is written')
      .example('svctl logs fetchmail --since today --grep SMTP', 'one service, today')
      .example('svctl logs --dir /var/multilog/old -n 20', 'a log that no service writes any more') as never,
  handler: async (args) => {
    const { root, json, color } = contextOf(args)
    const found = findWanted(args, root)
    for (const { name, why } of found.missing) warn('svctl', `unable to read the log of ${name}`, why)
    if (found.logs.length === 0) throw new Failure({ what: 'there is no log to read', next: 'svctl logs --dir DIR reads a log directory that you name' })
    const show = json ? new Json() : new Show({
      tell: (seconds) => localText(seconds * 1000),
      width: Math.max(...found.logs.map(({ name }) => toText(name).length)),
      paintName: (name) => paint(name, 'bold', color),
      paintEvent: (text) => paint(text, 'yellow', color),
    })
    const last = args.lines === undefined ? (args.follow && args.since === undefined ? followedLines : undefined) : countOf(args.lines)
    const isAll = args.names.length === 0 && args.dir.length === 0
    const batches = readBatches(found.logs, {
      since: momentFor('--since', args.since),
      until: momentFor('--until', args.until),
      last,
      matches: matcherOf(args.grep),
      follow: args.follow,
      withoutEvents: !args.events,
      folders: isAll ? [bytesOf(root)] : [],
      discover: () => (isAll ? discover(root) : []),
      onTrouble: ({ path }, why) => warn('svctl', `unable to read log directory ${path}`, why),
    })
    for await (const batch of batches) emit(show.text(batch))
  },
}

/** Whoever reads only the beginning has what he wants. */
function emit(text: string): void {
  try {
    writeOutput(Buffer.from(text))
  } catch (error) {
    if (errnoOf(error) === EPIPE) process.exit(0)
    throw new Failure({ what: 'unable to write output', why: error })
  }
}

function findWanted({ names, dir }: LogsArguments, root: string): Found {
  const named = logsOf(dir.map(bytesOf))
  if (names.length === 0 && dir.length > 0) return named
  const places = choose(names, root)
  // NAME/log means the log of NAME
  const paths = names.length === 0 ? [] : places.map(({ name, path, isInRoot }) => bytesOf(isInRoot ? name.replace(/\/log$/, '') : path))
  const found = names.length > 0 && paths.length === 0 ? { logs: [], missing: [] } : findLogs(bytesOf(root), paths)
  return { logs: [...found.logs, ...named.logs], missing: [...found.missing, ...named.missing] }
}

function discover(root: string): Log[] {
  try {
    return findLogs(bytesOf(root), []).logs
  } catch {
    return [] // the folder is away; the logs that we have are not
  }
}

function countOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Misuse(`option --lines needs a number, not ${text}`)
  return Number(text)
}

function matcherOf(pattern: string | undefined): ((text: string) => boolean) | undefined {
  if (pattern === undefined) return undefined
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'u')
  } catch (error) {
    throw new Misuse(`option --grep needs a regular expression: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : pattern}`)
  }
  return (text) => expression.test(/^[\x00-\x7f]*$/.test(text) ? text : toText(text))
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
