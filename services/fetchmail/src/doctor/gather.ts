/** Gathers the facts. Looks at everything, changes nothing, and is heard by the servers only as a login. */
import { lookup } from 'node:dns/promises'
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { delimiter } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bytes } from '@daemontools-ts/unix'
import { readConfigdump } from '../configdump.ts'
import { findFetchmails, whatDoes } from '../daemon.ts'
import { inspectEntries, readTemplates } from '../inspect.ts'
import { type Layout, logRunFor } from '../layout.ts'
import { type Check as ServerCheck, readCheck } from '../mail/check.ts'
import { readPolls } from '../mail/logfolder.ts'
import { findAccount, searchPath } from '../programs.ts'
import { readSupervision } from '../supervision.ts'
import type { Account } from '../system.ts'
import { checkServer, dumpConfiguration } from '../trial.ts'
import { questionsOf } from './delivery.ts'
import { canAsk } from './diagnosis.ts'
import type { Facts } from './facts.ts'
import { askListener } from './listener.ts'

const mailServerPrograms: Readonly<Record<string, string>> = { '/usr/sbin/postfix': 'postfix', '/usr/sbin/exim4': 'exim4', '/usr/sbin/smtpd': 'opensmtpd' }

/**
 * @param templates The folder of the files as they are delivered. @param seconds How long a server may be silent.
 * Throws the system's refusal where the service may not be looked at.
 */
export async function gather(layout: Layout, templates: string, seconds: number): Promise<Facts> {
  const local = gatherLocal(layout, templates)
  const facts = { ...local, hostResolves: await resolves(hostname()) }
  if (!canAsk(facts)) return { ...facts, unasked: 'not before that is put right' }
  const account = facts.accounts.get('fetchmail')
  const dumped = await dumpConfiguration(layout, account)
  if (dumped.status !== 0) return { ...facts, configuration: { status: dumped.status, complaints: dumped.lines }, unasked: 'not before fetchmail understands its configuration' }
  const understood = readConfigdump(dumped.stdout)
  const [servers, listeners] = await Promise.all([
    Promise.all(understood.servers.filter(({ active }) => active).map(({ name }) => askServer(layout, account, name, seconds))),
    Promise.all(listenersOf(understood).map(([name, recipients]) => askListener(name, recipients, seconds))),
  ])
  return { ...facts, configuration: { understood }, servers, listeners }
}

/** A mailbox that the service itself has locked is asked for again when its poll is over. */
async function askServer(layout: Layout, account: Account | undefined, name: string, seconds: number): Promise<ServerCheck> {
  for (let last = false; ; last = true) {
    const ran = await checkServer(layout, account, name, seconds)
    const check = readCheck(name, ran.lines, ran.status, ran.idled)
    if (check.trouble !== 'mailbox locked' || last) return check
    for (let waited = 0; isPolling(layout) && waited < seconds * 1000; waited += stepMilliseconds) await pause(stepMilliseconds)
  }
}

const stepMilliseconds = 100

function isPolling(layout: Layout): boolean {
  return whatDoes(readSupervision(layout.directory).status?.pid ?? 0) === 'polling'
}

function gatherLocal(layout: Layout, templates: string): Omit<Facts, 'hostResolves'> {
  const { directory } = layout
  const accounts = new Map(['fetchmail', 'multilog'].flatMap((name): [string, Account][] => {
    const account = findAccount(name)
    return account === undefined ? [] : [[name, account]]
  }))
  const texts = readTemplates(templates)
  const supervision = readSupervision(directory)
  const entries = inspectEntries(layout)
  const locker = Number.parseInt(entries.get(directory + '/pid/fetchmail.pid')?.content ?? '', 10)
  return {
    layout,
    now: Date.now(),
    ownership: entries.get(directory + '/run')?.uid === 0,
    program: searchPath().split(delimiter).map((folder) => `${folder}/fetchmail`).find(isProgram),
    accounts,
    entries,
    delivered: new Map([['run', texts.run.content], ['finish', texts.finish.content], ['log/run', logRunFor(layout, texts['log/run'].content)]]),
    space: new Map([`${directory}/pid`, layout.log, layout.summary].flatMap((path): [string, number][] => {
      const room = roomIn(path)
      return room === undefined ? [] : [[path, room]]
    })),
    configuration: undefined,
    servers: [],
    unasked: undefined,
    listeners: [],
    supervision,
    logSupervision: readSupervision(directory + '/log'),
    doing: whatDoes(supervision.status?.pid ?? 0),
    polls: readPolls(layout.log),
    strangers: findFetchmails().filter((pid) => pid === locker),
    distributionDaemon: /^START_DAEMON=yes/m.test(readText('/etc/default/fetchmail')),
    mailServers: Object.entries(mailServerPrograms).flatMap(([path, name]) => (fs.existsSync(path) ? [name] : [])),
  }
}

/** Each mail server once, with everybody to ask it for. */
function listenersOf(configuration: Parameters<typeof questionsOf>[0]): [string, string[]][] {
  const recipients = new Map<string, Set<string>>()
  for (const asked of questionsOf(configuration)) {
    const all = recipients.get(asked.listener) ?? new Set()
    for (const recipient of [asked.postmaster, ...asked.recipients, asked.nobody]) all.add(recipient)
    recipients.set(asked.listener, all)
  }
  return [...recipients].map(([name, all]) => [name, [...all]])
}

async function resolves(name: string): Promise<boolean> {
  return await lookup(name).then(() => true, () => false)
}

function isProgram(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK)
    return true
  } catch {
    return false
  }
}

function roomIn(path: string): number | undefined {
  try {
    const { bavail, bsize } = fs.statfsSync(bytes(path))
    return bavail * bsize
  } catch {
    return undefined
  }
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
