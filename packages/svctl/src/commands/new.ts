import * as fs from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reason } from '@daemontools-ts/command'
import { type Account, findAccount } from '@daemontools-ts/unix'
import { faultOf, make, plan, type Wish } from '@daemontools-ts/scaffold'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { Failure, Misuse } from '../failure.ts'
import { print } from '../output.ts'

export interface NewArguments extends Globals {
  name: string | undefined
  program: string[]
  from: string | undefined
  dir: string | undefined
  user: string | undefined
  'log-user': string | undefined
  log: string | undefined
}

/** Whose log it is where nobody says so: the djb way's account, and others' that serve the same. */
const loggers = ['multilog', 'log', '_runit-log']

export const command: Command<NewArguments> = {
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', describe: 'what the service is called' })
      .positional('program', { type: 'string', array: true, default: [] as string[], describe: 'the program and its arguments, behind --' })
      .option('from', { type: 'string', requiresArg: true, describe: 'a service that comes with daemontools-ts: fetchmail' })
      .option('dir', { type: 'string', requiresArg: true, defaultDescription: '/var/svc.d/NAME', describe: 'the service directory' })
      .option('user', { alias: 'u', type: 'string', requiresArg: true, describe: 'the account that runs the program' })
      .option('log-user', { type: 'string', requiresArg: true, defaultDescription: 'multilog', describe: 'the account that writes the log' })
      .option('log', { type: 'string', requiresArg: true, defaultDescription: '/var/multilog/NAME', describe: 'the log directory' })
      .example('svctl new web -u www-data -- /usr/sbin/nginx -g "daemon off;"', 'a service for a program')
      .example('svctl new --from fetchmail', 'mail from a POP3 server') as never,
  handler: (args) => {
    const { root, json } = contextOf(args)
    // yargs keeps what is behind -- for itself
    const program = [...args.program, ...args._.slice(1).map(String)]
    const wish = wishOf({ ...args, program }, root)
    const planned = plan(wish)
    if (fs.lstatSync(wish.directory, { throwIfNoEntry: false }) !== undefined) throw new Failure({ what: `unable to create ${wish.directory}`, why: 'it is there already, and nothing is replaced', next: `svctl check ${wish.directory} says what is wrong with it` })
    try {
      make(planned, accountOf)
    } catch (why) {
      throw new Failure({ what: `unable to create ${wish.directory}`, why, next: 'what was made is taken away again' })
    }
    if (json) return print(documentOf('svctl.new/1', { name: wish.name, directory: wish.directory, made: planned.items.map(({ path }) => path), next: planned.next }))
    for (const { path, make: kind } of planned.items) print(`made ${path}${kind === 'directory' ? '/' : ''}`)
    print(`next: ${planned.next.join('\n      ')}`)
  },
}

function wishOf({ name: named, program, from, dir, user, 'log-user': logUser, log }: NewArguments, root: string): Wish {
  const name = named ?? from
  if (name === undefined) throw new Misuse('new needs a name', 'svctl new NAME -- PROGRAM [ARG ...], or svctl new --from fetchmail')
  const fault = faultOf(name)
  if (fault !== undefined) throw new Misuse(`${name} is no name for a service: ${fault}`)
  if (from === undefined && program.length === 0) throw new Misuse(`new ${name} needs a program`, `svctl new ${name} -- PROGRAM [ARG ...]`)
  if (program[0]?.startsWith('-') === true) throw new Misuse(`${program[0]} is no program`)
  if (from !== undefined && program.length > 0) throw new Misuse('--from brings its own program')
  const isRoot = process.getuid!() === 0
  if (!isRoot && (from !== undefined || user !== undefined || logUser !== undefined)) throw new Failure({ what: 'unable to make a service with accounts of its own', why: 'only root can', next: from === undefined ? 'leave out --user and --log-user' : 'svctl new NAME -- PROGRAM makes a service that runs as you' })
  const directory = resolve(dir ?? `/var/svc.d/${name}`)
  const common = { name, directory, program, root, log: resolve(log ?? (isRoot ? `/var/multilog/${name}` : `${directory}/log/main`)) }
  const logger = isRoot ? existing(logUser ?? loggers.find((each) => findAccount(each) !== undefined) ?? 'multilog') : undefined
  if (from !== undefined) return { ...common, user: existing('fetchmail'), logUser: logger, template: templateNamed(from, logger!), templateLog: `/var/multilog/${from}` }
  return { ...common, user: user === undefined ? undefined : existing(user), logUser: logger }
}

function existing(account: string): string {
  if (findAccount(account) === undefined) {
    throw new Failure({ what: `unable to use account ${account}`, why: 'there is none', next: `make it: useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ${account}` })
  }
  return account
}

function accountOf(name: string): Account {
  return findAccount(existing(name))!
}

/** The files of a service that comes with us: beside the built command, or in the checkout. */
function templateNamed(name: string, logUser: string): Map<string, { content: string; mode: number }> {
  const here = dirname(fileURLToPath(import.meta.url))
  const folders = [join(here, '../share', name), join(here, '../../../../../services', name, 'service')]
  const folder = /^[a-z][\w-]*$/.test(name) ? folders.find((each) => fs.existsSync(join(each, 'run'))) : undefined
  if (folder === undefined) throw new Misuse(`there is no service ${name} to begin from`, 'there is fetchmail')
  const paths = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => fs.statSync(join(folder, path)).isFile())
  return new Map(paths.map((path) => [path, { content: readTemplate(join(folder, path)).replaceAll('setuidgid multilog multilog', `setuidgid ${logUser} multilog`), mode: fs.statSync(join(folder, path)).mode & 0o777 }]))
}

function readTemplate(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failure({ what: `unable to read template ${path}`, why: reason(error) })
  }
}
