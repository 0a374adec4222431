/** The command line of svctl: yargs, held to what is expected of a command today. */
import { defaultRoot } from '@daemontools-ts/client'
import { reason } from '@daemontools-ts/command'
import yargs, { type Argv } from 'yargs'
import type { Command, Globals } from './command.ts'
import { entries, nameOf } from './commands.ts'
import { variable } from './context.ts'
import { Failure, Misuse, outcome } from './failure.ts'
import { nearest } from './nearest.ts'
import { complain } from './output.ts'

export const version = '0.1.0'

/** Runs a command line, without the program's name, and gives the exit code. */
export async function svctl(words: readonly string[]): Promise<number> {
  try {
    const [first, ...rest] = words
    const args = first === 'help' ? [...rest, '--help'] : first === undefined || isOnlyOptions(words) ? ['ls', ...words] : [...words]
    await parserFor(args).parseAsync()
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { what, why, next, code = outcome.refused } = error.options
    complain(`svctl: fatal: ${what}${why === undefined ? '' : `: ${reason(why)}`}`)
    if (next !== undefined) complain(`svctl: ${next}`)
    return code
  }
}

/** `svctl --json` is `svctl ls --json`; help and version are svctl's own. */
function isOnlyOptions(words: readonly string[]): boolean {
  let expectsValue = false
  for (const word of words) {
    if (['-h', '--help', '--version'].includes(word)) return false
    if (!expectsValue && !word.startsWith('-')) return false
    expectsValue = word === '--root'
  }
  return true
}

function parserFor(args: string[]): Argv<Globals> {
  const parser = yargs(args)
    .scriptName('svctl')
    // It would otherwise speak the language of LANG in half of its sentences.
    .detectLocale(false)
    .locale('en')
    // A service may be called 1, or a.b; whoever says an option twice means the last.
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false, 'camel-case-expansion': false, 'duplicate-arguments-array': false })
    .usage('svctl: how services are, why, and what to do about it\n\nUsage: svctl [command] [options]')
    .option('root', { type: 'string', requiresArg: true, default: variable('SVCTL_ROOT') ?? defaultRoot, defaultDescription: '$SVCTL_ROOT, or /service', describe: 'the service folder' })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .option('color', { type: 'boolean', describe: 'with colours; --no-color: without' })
    .alias('help', 'h')
    .version(version)
    .example('svctl', 'all services, those in trouble first')
    .example('svctl why fetchmail', 'the cause, and the cure')
    .epilogue('svctl help COMMAND explains one. The manual: man svctl')
    .wrap(Math.min(100, process.stdout.columns || 100))
    .strict()
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError' ? refusal(message ?? error.message, args) : error
    }) as Argv<Globals>
  for (const entry of entries) {
    // Both are read when the command is called.
    const load = entry.load as () => Promise<Command>
    parser.command(entry.usage, entry.describe, (async (own: Argv<Globals>) => (await load()).builder(own)) as never, async (parsed) => (await load()).handler(parsed as never))
  }
  return parser
}

/** What yargs says, shortened, with the word that was meant. */
function refusal(message: string, args: readonly string[]): Misuse {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]
  if (unknown === undefined) return new Misuse(message.charAt(0).toLowerCase() + message.slice(1).split('\n')[0]!.replace(/\.$/, ''), 'svctl --help lists commands and options')
  const word = unknown.split(', ')[0]!
  const typed = args.find((arg) => arg.replace(/^-+|=.*$/g, '') === word && arg.startsWith('-'))
  const option = typed?.split('=')[0]
  const meant = option === undefined ? nearest(word, entries.map(nameOf)) : nearest(option, ['--root', '--json', '--color', '--no-color', '--help', '--version'])
  const what = option === undefined ? `unknown command ${word}` : `unknown option ${option}`
  return new Misuse(meant === undefined ? what : `${what}: did you mean ${meant}?`, 'svctl --help lists commands and options')
}

