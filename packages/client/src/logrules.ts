/** What can be wrong with a log beside its supervision. */
import type { LogFacts } from './facts.ts'
import { wordFor } from './phrases.ts'
import type { Rule } from './rule.ts'
import { shellWord } from './shell.ts'
import { stateOf } from './situation.ts'

export const logRules: readonly Rule<LogFacts>[] = [
  {
    name: 'log-full',
    severity: 'trouble',
    when: ({ fault }) => fault?.type === 'full',
    short: () => 'log: the disk is full',
    cause: ({ fault }) => `the disk of its log ${fault!.path} is full: the logger waits, and then the service does`,
    command: ({ fault }) => `df -h ${shellWord(fault!.path)}`,
  },
  {
    name: 'log-owner',
    severity: 'trouble',
    when: ({ fault }) => fault?.type === 'owner',
    short: ({ fault }) => `log: ${fault!.path} is not the logger's`,
    cause: ({ fault }) => `the log's directory ${fault!.path} does not belong to ${accountIn(fault!)}, under which its logger runs`,
    command: ({ fault }) => `chown -R ${accountIn(fault!)} ${shellWord(fault!.path)}`,
  },
  {
    name: 'log-missing',
    severity: 'trouble',
    when: ({ fault, service }) => fault?.type === 'missing' && stateOf(service) !== 'up',
    short: ({ fault }) => `log: ${fault!.path} is missing`,
    cause: ({ fault }) => `the log's directory ${fault!.path} is not there, and its logger could not make it`,
    command: ({ fault, service }) => `mkdir -p ${shellWord(fault!.path)} && svctl up ${wordFor(service)}`,
  },
]

function accountIn(fault: NonNullable<LogFacts['fault']>): string {
  return fault.type === 'owner' ? fault.account : 'its account'
}
