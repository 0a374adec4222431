/** The command line of fetchmail-service. */
import yargs, { type Argv } from 'yargs'
import { Failure, outcome } from './outcome.ts'
import type { Globals } from './target.ts'
import { kinds } from './template.ts'

/** Each command is loaded when it is called. */
type Run = (options: never) => Promise<number>

const commands: Readonly<Record<string, Run>> = {
  install: async (options) => (await import('./commands/install.ts')).install(options),
  remove: async (options) => (await import('./commands/install.ts')).remove(options),
  doctor: async (options) => (await import('./commands/doctor.ts')).doctor(options),
  status: async (options) => (await import('./commands/status.ts')).status(options),
  poll: async (options) => (await import('./commands/poll.ts')).poll(options),
  reload: async (options) => (await import('./commands/restart.ts')).reload(options),
  restart: async (options) => (await import('./commands/restart.ts')).restart(options),
  'dry-run': async (options) => (await import('./commands/dryrun.ts')).dryRun(options),
}

/** Seconds. */
const patience = { server: 20, poll: 600 } as const

/** Runs a command line, without the program's name. @returns the exit code. Throws Failure. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let code = 0
  const call = (name: string) => async (options: object) => void (code = await commands[name]!(options as never))
  const parser = yargs([...words])
    .scriptName('fetchmail-service')
    .detectLocale(false)
    .locale('en')
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false, 'duplicate-arguments-array': false })
    .usage('fetchmail-service: fetchmail as a service: install it, see how it does, and what is wrong\n\nUsage: fetchmail-service COMMAND [options]')
    .command('install', 'make the service, from a template or to be edited', installOptions as never, call('install'))
    .command('remove', 'unlink and stop it; every file stays', dryRunOption as never, call('remove'))
    .command('doctor', 'what is wrong, and the command that cures it', timeout(patience.server) as never, call('doctor'))
    .command(['status', 'health'], 'whether mail comes: last poll, next poll, failures', (own: Argv) => own, call('status'))
    .command('poll', 'poll now, and say what came of it', timeout(patience.poll) as never, call('poll'))
    .command('reload', 'check fetchmail.conf, then restart', timeout(patience.poll) as never, call('reload'))
    .command('restart', 'end fetchmail between two polls, so that nothing is fetched twice', timeout(patience.poll) as never, call('restart'))
    .command('dry-run', 'log in and say what waits, without fetching', verboseOption as never, call('dry-run'))
    .option('root', { type: 'string', requiresArg: true, describe: 'everything is below this directory' })
    .option('instance', { type: 'string', requiresArg: true, describe: 'the service fetchmail@INSTANCE: one of several' })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .alias('help', 'h')
    .version('0.1.0')
    .example('fetchmail-service install --template pop3s --link', 'asks for the mailbox, then runs')
    .example('fetchmail-service doctor', 'what is wrong, and the cure')
    .demandCommand(1, 'a command is missing')
    .strict()
    .strictCommands()
    .showHelpOnFail(false)
    .exitProcess(false)
    .wrap(100)
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError' ? misuse(message ?? error.message) : error
    })
  await parser.parseAsync()
  return code
}

function installOptions(own: Argv<Globals>): Argv {
  return dryRunOption(own)
    .option('link', { type: 'boolean', default: false, describe: 'have svscan run it' })
    .option('template', { type: 'string', requiresArg: true, choices: Object.keys(kinds), describe: 'the kind of mailbox' })
    .option('server', { type: 'string', requiresArg: true, describe: "the provider's mail server" })
    .option('user', { type: 'string', requiresArg: true, describe: 'the user there' })
    .option('password-file', { type: 'string', requiresArg: true, describe: 'its first line is the password; otherwise it is asked for' })
    .option('domain', { type: 'string', requiresArg: true, describe: 'of the recipients here' })
    .option('recipient', { type: 'string', requiresArg: true, describe: 'who gets the mail: pop3s-keep, imap-idle' })
    .option('prefix', { type: 'string', requiresArg: true, describe: 'what the provider puts before recipients: apop, pop3s', defaultDescription: 'USER-' })
    .option('postmaster', { type: 'string', requiresArg: true, describe: 'gets what nobody else does', defaultDescription: 'postmaster@DOMAIN' })
    .option('smtp', { type: 'string', requiresArg: true, describe: 'our mail server: HOST or HOST/PORT', defaultDescription: 'localhost' })
    .option('port', { type: 'string', requiresArg: true, describe: 'if not the usual one' })
    .option('certificate', { type: 'string', requiresArg: true, describe: 'a file of certificates to trust: sslcertfile' })
    .option('maildir', { type: 'string', requiresArg: true, describe: 'where mail goes: maildir' })
}

function dryRunOption(own: Argv<Globals>): Argv<Globals> {
  return own.option('dry-run', { type: 'boolean', default: false, describe: 'print the steps and do nothing' })
}

function verboseOption(own: Argv<Globals>): Argv {
  return timeout(patience.server)(own).option('verbose', { type: 'boolean', default: false, describe: 'the conversation as well' })
}

function timeout(seconds: number): (own: Argv<Globals>) => Argv {
  return (own) => own.option('timeout', { type: 'string', requiresArg: true, default: `${seconds}`, coerce: readSeconds, describe: 'seconds to wait' })
}

function readSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Failure(`--timeout is a whole number of seconds, not ${text}`, { code: outcome.misuse })
  return Number(text)
}

/** What yargs says, as a part of our sentence. */
function misuse(message: string): Failure {
  const first = message.split('\n').filter((line) => line.trim() !== '').join(' ').replace(/\s+/g, ' ').replace(/\.$/, '')
  return new Failure(first.charAt(0).toLowerCase() + first.slice(1), { code: outcome.misuse, next: 'fetchmail-service --help lists commands and options' })
}
