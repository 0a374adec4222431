/** A service in perfect health, as the doctor's facts. */
import type { Server, User } from '../../src/configdump.ts'
import type { Facts } from '../../src/doctor/facts.ts'
import { layoutBelow } from '../../src/layout.ts'
import { noPolls } from '../../src/mail/polls.ts'
import type { Entry } from '../../src/system.ts'

export const layout = layoutBelow('')
const { directory, log, summary, link } = layout

export const user: User = {
  name: 'example', hasPassword: true, localnames: ['*'], keep: false, idle: false, ssl: true, sslcertck: true, sslproto: undefined, sslfingerprint: undefined,
  mda: undefined, bsmtp: undefined, smtphosts: ['localhost'], smtpaddress: 'example.com',
}

export const server: Server = {
  name: 'pop.example.net', via: undefined, active: true, protocol: 'POP3', service: '995', timeout: 71, envelope: 'Delivered-To', uidl: false, localdomains: ['example.com'], users: [user],
}

const file = (mode: number, uid: number, content: string): Entry => ({ kind: 'file', mode, uid, content })
const folder = (mode: number, uid: number): Entry => ({ kind: 'directory', mode, uid })

export const entries = new Map<string, Entry>([
  [directory, folder(0o755, 0)],
  [directory + '/run', file(0o755, 0, 'run')],
  [directory + '/finish', file(0o755, 0, 'finish')],
  [directory + '/log/run', file(0o755, 0, 'log/run')],
  [directory + '/env/INTERVAL', file(0o644, 0, '551\n')],
  [directory + '/fetchmail.conf', file(0o600, 900, 'poll mine\n')],
  [directory + '/fetchmail.conf.example', file(0o644, 0, 'poll example\n')],
  [directory + '/pid', folder(0o700, 900)],
  [log, folder(0o700, 901)],
  [summary, folder(0o700, 901)],
  [link, { ...folder(0o755, 0), target: directory }],
])

const up = { supervised: true, status: { changed: { tai: 0n, nanoseconds: 0 }, pid: 7, paused: false, want: 'up' as const }, record: undefined, reason: undefined }

export const healthy: Facts = {
  layout,
  now: 1_795_802_000_000,
  ownership: true,
  program: '/usr/bin/fetchmail',
  accounts: new Map([['fetchmail', { uid: 900, gid: 900 }], ['multilog', { uid: 901, gid: 900 }]]),
  entries,
  delivered: new Map([['run', 'run'], ['finish', 'finish'], ['log/run', 'log/run']]),
  space: new Map([[log, 1e9]]),
  configuration: { understood: { postmaster: 'postmaster@example.com', bouncemail: false, syslog: false, logfile: undefined, pollInterval: 0, servers: [server] } },
  servers: [{ server: 'pop.example.net', trouble: undefined, words: undefined, mailboxes: [] }],
  unasked: undefined,
  listeners: [{ name: 'localhost', refusal: undefined, answers: new Map([['postmaster@example.com', '250 ok'], ['no-such-person-fetchmail-service@example.com', '550 no']]) }],
  supervision: up,
  logSupervision: up,
  doing: 'sleeping',
  polls: noPolls,
  strangers: [7],
  distributionDaemon: false,
  hostResolves: true,
  mailServers: ['postfix'],
}
