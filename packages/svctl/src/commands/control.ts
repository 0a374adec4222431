import type { Goal } from '@daemontools-ts/client'
import type { Argv } from 'yargs'
import { choose } from '../choose.ts'
import type { Command, Globals } from '../command.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { Misuse } from '../failure.ts'
import { print } from '../output.ts'
import { type Order, report, tellAll } from '../tell.ts'
import { signalLetters, type Verb, type VerbName, verbs } from '../verbs.ts'

export interface ControlArguments extends Globals {
  names: string[]
  wait: string | undefined
  timeout: number
  for: number
}

export interface SignalArguments extends ControlArguments {
  signal: string
}

/** Seconds; a service that takes longer has been asked to by somebody who can say so. */
export const defaultTimeoutSeconds = 60
const goals = ['up', 'ready', 'down'] as const

/** The subcommand that tells services a verb. */
export function commandFor(name: VerbName): Command<ControlArguments> {
  const verb: Verb = verbs[name]
  return {
    builder: (yargs) => withOptions(yargs).example(`svctl ${name} fetchmail`, verb.describe),
    handler: (args) => carryOut(args, { ...orderOf(args, verb), word: wordOf(name), isRestart: name === 'restart', goal: goalOf(args.wait) ?? (name === 'restart' ? 'up' : undefined) }),
  }
}

/** `svctl signal SIG NAME…`. */
export const signalCommand: Command<SignalArguments> = {
  builder: (yargs) => withOptions(yargs.positional('signal', { type: 'string', demandOption: true, describe: 'HUP, SIGHUP or hup' })) as Argv<SignalArguments>,
  handler: (args) => {
    const word = args.signal.toUpperCase().replace(/^SIG/, '')
    const letter = signalLetters.get(word)
    if (letter === undefined) throw new Misuse(`unknown signal ${args.signal}`, `a supervisor passes on ${[...signalLetters.keys()].join(', ')}`)
    return carryOut(args, { ...orderOf(args, { letters: [letter], describe: '', needsProcess: true }), word })
  },
}

function withOptions(yargs: Argv<Globals>): Argv<ControlArguments> {
  return yargs
    .positional('names', { type: 'string', array: true, demandOption: true, describe: 'names, paths or patterns' })
    .option('wait', { type: 'string', choices: goals, requiresArg: true, describe: 'until it is so' })
    .option('timeout', { type: 'number', requiresArg: true, default: defaultTimeoutSeconds, describe: 'seconds to wait; then exit 99' })
    .option('for', { type: 'number', requiresArg: true, default: 0, describe: 'seconds that it has to be up' }) as Argv<ControlArguments>
}

function orderOf(args: ControlArguments, verb: Verb): Order {
  return {
    word: '',
    letters: verb.letters,
    needsProcess: verb.needsProcess === true,
    goal: goalOf(args.wait),
    isRestart: false,
    timeoutMilliseconds: milliseconds('timeout', args.timeout),
    lastingMilliseconds: milliseconds('for', args.for),
  }
}

async function carryOut(args: ControlArguments, order: Order): Promise<void> {
  const { root, json } = contextOf(args)
  const told = await tellAll(choose(args.names, root), order, root)
  if (json) print(documentOf('svctl.control/1', { root, services: told }))
  process.exitCode = json ? (told.find(({ code }) => code !== 0)?.code ?? 0) : report(told)
}

function goalOf(word: string | undefined): Goal | undefined {
  return goals.find((goal) => goal === word)
}

/** Throws Misuse for what is no length of time. */
export function milliseconds(option: string, seconds: number): number {
  if (!(seconds >= 0)) throw new Misuse(`option --${option} needs a number of seconds`)
  return seconds * 1000
}

/** What a line says that was done. */
function wordOf(name: VerbName): string {
  switch (name) {
    case 'up':
      return 'wanted up'
    case 'down':
      return 'wanted down'
    case 'once':
      return 'to run once'
    case 'pause':
      return 'paused: STOP'
    case 'cont':
      return 'goes on: CONT'
    default:
      return { term: 'TERM', hup: 'HUP', alarm: 'ALRM', interrupt: 'INT', quit: 'QUIT', usr1: 'USR1', usr2: 'USR2', kill: 'KILL', restart: 'restarted' }[name]
  }
}
