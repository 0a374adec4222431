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
    let work: (() => Promise<void>) | undefined
    await parserFor(args, (chosen) => (work = chosen)).parseAsync()
    await work?.()
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    const error = isParserError(thrown) ? refusal(thrown.message, words) : thrown
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

/** @param choose Is told the work of the command that was called. yargs does not wait for it: it would lay out its help first, for each call. */
function parserFor(args: string[], choose: (work: () => Promise<void>) => void): Argv<Globals> {
  const parser = yargs(args)
    .scriptName('svctl')
    // It would otherwise speak the language of LANG in half of its sentences.
    .detectLocale(false)
    .locale('en')
    // A service may be called 1, or a.b.
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false, 'camel-case-expansion': false })
    .usage('svctl: how services are, why, and what to do about it\n\nUsage: svctl [command] [options]')
    .option('root', { type: 'string', requiresArg: true, coerce: last, default: variable('SVCTL_ROOT') ?? defaultRoot, defaultDescription: '$SVCTL_ROOT, or /service', describe: 'the service folder' })
    .option('json', { type: 'boolean', describe: 'as JSON' })
    .option('color', { type: 'boolean', describe: 'with colours; --no-color: without' })
    .help('help', 'explain')
    .alias('help', 'h')
    .version('version', 'say the version', version)
    .example('svctl', 'all services, those in trouble first')
    .example('svctl why fetchmail', 'the cause, and the cure')
    .epilogue('svctl help COMMAND explains one. The manual: man svctl')
    .wrap(Math.min(100, process.stdout.columns || 100))
    .strict()
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      // Some errors come here, others are thrown at whoever waits.
      throw error ?? refusal(message, args)
    }) as Argv<Globals>
  for (const entry of entries) {
    // Both are read when the command is called.
    const load = entry.load as () => Promise<Command>
    parser.command(entry.usage, entry.describe, (async (own: Argv<Globals>) => (await load()).builder(own)) as never, (parsed) => choose(async () => (await load()).handler(parsed as never)))
  }
  return parser
}

function isParserError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'YError'
}

/** Of an option that was said more than once. */
function last<Value>(value: Value | Value[]): Value {
  return Array.isArray(value) ? value.at(-1)! : value
}

const hint = 'svctl --help lists commands and options'

/** What yargs says, in our words, with the word that was meant. */
function refusal(message: string, args: readonly string[]): Misuse {
  const [sentence] = message.split('\n', 1)
  const lacking = /^Not enough arguments following: (.*)$/.exec(sentence!)?.[1]
  if (lacking !== undefined) return new Misuse(`option ${lacking.length === 1 ? '-' : '--'}${lacking} needs a value`, hint)
  if (/^Not enough non-option arguments/.test(sentence!)) return new Misuse('a name is missing', `svctl ${args[0] ?? ''} --help`)
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(sentence!)?.[1]
  if (unknown === undefined) return new Misuse(message.charAt(0).toLowerCase() + message.slice(1).replaceAll(/\s*\n\s*/g, ' ').replace(/\.$/, ''), hint)
  const word = unknown.split(', ')[0]!
  const option = args.map((arg) => arg.split('=')[0]!).find((arg) => arg.startsWith('-') && arg.replace(/^-+/, '') === word)
  const meant = option === undefined ? nearest(word, entries.map(nameOf)) : nearest(option, ['--root', '--json', '--color', '--no-color', '--help', '--version'])
  const what = option === undefined ? `unknown command ${word}` : `unknown option ${option}`
  return new Misuse(meant === undefined ? what : `${what}: did you mean ${meant}?`, hint)
}
