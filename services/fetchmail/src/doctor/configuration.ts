/** Checks of what fetchmail understood of its configuration. */
import { isMultidrop, type Server, type User } from '../configdump.ts'
import type { Facts } from './facts.ts'
import { type Check, type Finding, problem, warning } from './finding.ts'
import { edit } from './words.ts'

export const configurationChecks: readonly Check[] = [
  { name: 'fetchmail understands fetchmail.conf', look: lookAtSyntax },
  { name: 'there is something to poll', look: ofAll(({ layout }, servers) => (servers.some(({ active }) => active) ? [] : [problem('fetchmail.conf polls no server', edit(layout, 'a line: poll SERVER ...'))])) },
  { name: 'there is a password', look: ofUsers(lookForPassword) },
  { name: 'what fetchmail says comes into the log', look: lookAtLogging },
  { name: 'ports and TLS belong together', look: ofUsers(lookAtPort) },
  { name: 'mail does not cross the net in clear', look: ofUsers(lookAtSecrecy) },
  { name: 'multidrop knows the recipients', look: ofUsers(lookAtMultidrop) },
  { name: 'refused mail has somewhere to go', look: lookAtBounces },
]

/** What must not happen to a machine without TLS: it is this one. */
const here = ['localhost', '127.0.0.1', '::1']
const tlsPorts: Readonly<Record<string, string>> = { '995': 'pop3s', pop3s: 'pop3s', '993': 'imaps', imaps: 'imaps' }
const clearPorts = ['110', 'pop3', '143', 'imap', 'imap2']

function lookAtSyntax({ layout, configuration, entries }: Facts): Finding[] {
  if (configuration === undefined || 'understood' in configuration) return []
  const complaint = configuration.complaints.at(-1) ?? ''
  const line = /^fetchmail:.*\/fetchmail\.conf:(\d+): (.*)$/.exec(complaint)
  if (line !== null) return [problem(`fetchmail.conf, line ${line[1]}: ${line[2]}`, edit(layout, `line ${line[1]}`))]
  // owner and mode have a check of their own
  if (/must be owned by you|must have no more than/.test(complaint)) return []
  if (/no mailservers have been specified/.test(complaint) && !entries.get(layout.directory + '/fetchmail.conf')?.content) return []
  return [problem(`fetchmail refuses its configuration: ${complaint.replace(/^fetchmail: /, '') || `exit status ${configuration.status}`}`, edit(layout, 'what it says'))]
}

function lookForPassword({ layout, entries }: Facts, server: Server, user: User): Finding[] {
  const hasNetrc = entries.has(layout.directory + '/pid/.netrc')
  return user.hasPassword || hasNetrc ? [] : [problem(`there is no password for ${user.name} at ${server.name}`, edit(layout, 'with password "..."'))]
}

function lookAtLogging({ layout, configuration }: Facts): Finding[] {
  if (configuration === undefined || !('understood' in configuration)) return []
  const { syslog, logfile, pollInterval } = configuration.understood
  return [
    ...(syslog ? [problem('`set syslog` sends all that fetchmail says elsewhere: the log stays empty', edit(layout, 'delete: set syslog'))] : []),
    ...(logfile === undefined ? [] : [warning('`set logfile` has no effect in a service', edit(layout, 'delete: set logfile'))]),
    ...(pollInterval === 0 ? [] : [warning('`set daemon` has no effect: env/INTERVAL counts', edit(layout, 'delete: set daemon'))]),
  ]
}

function lookAtPort({ layout }: Facts, { name, service = '' }: Server, { ssl, sslfingerprint, sslcertck }: User): Finding[] {
  const port = tlsPorts[service]
  return [
    ...(port !== undefined && !ssl ? [problem(`${name}: port ${service} speaks TLS from the first byte, and fetchmail waits for it to speak first: ssl is missing`, edit(layout, 'user ... ssl'))] : []),
    ...(clearPorts.includes(service) && ssl ? [problem(`${name}: ssl is for port 995 or 993, and this is ${service}`, edit(layout, 'service 995, or no ssl'))] : []),
    ...(sslfingerprint !== undefined && sslcertck ? [warning(`${name}: sslfingerprint alone does not make a certificate good`, edit(layout, 'no sslcertck'))] : []),
  ]
}

function lookAtSecrecy({ layout }: Facts, { name, via, protocol }: Server, { ssl, sslproto, sslcertck, sslfingerprint }: User): Finding[] {
  if (here.includes(via ?? name)) return []
  if (protocol === 'APOP' && !ssl) return [warning(`${name}: APOP hides the password, and nothing else; the mail crosses the net in clear`, edit(layout, 'proto pop3 service 995 ... ssl sslcertck'))]
  if (!ssl && sslproto === '') return [warning(`${name}: password and mail cross the net in clear`, edit(layout, 'ssl, on port 995 or 993'))]
  return sslcertck || sslfingerprint !== undefined ? [] : [warning(`${name}: nobody checks whose certificate it is`, edit(layout, 'sslcertck'))]
}

function lookAtMultidrop({ layout }: Facts, { name, protocol, envelope, localdomains }: Server, user: User): Finding[] {
  if (!isMultidrop(user) || protocol === 'ETRN' || protocol === 'ODMR') return []
  return [
    ...(envelope === undefined || envelope === 'Received' ? [warning(`${name}: without envelope, fetchmail guesses the recipients from To: and Cc:`, edit(layout, 'envelope Delivered-To'))] : []),
    ...(localdomains.length === 0 ? [warning(`${name}: without localdomains, all mail goes to the postmaster`, edit(layout, 'localdomains example.com'))] : []),
  ]
}

function lookAtBounces({ layout, configuration }: Facts): Finding[] {
  if (configuration === undefined || !('understood' in configuration)) return []
  const { bouncemail, postmaster, servers } = configuration.understood
  if (servers.every(({ users }) => users.every(({ mda, bsmtp }) => mda !== undefined || bsmtp !== undefined))) return []
  return [
    ...(bouncemail ? [warning('mail that our mail server refuses is answered with a bounce to its sender, mostly forged, at each poll anew', edit(layout, 'set no bouncemail'))] : []),
    ...(postmaster.includes('@') ? [] : [warning('there is no postmaster with a domain for mail that nobody gets', edit(layout, 'set postmaster "postmaster@example.com"'))]),
  ]
}

function ofAll(look: (facts: Facts, servers: readonly Server[]) => Finding[]): Check['look'] {
  return (facts) => (facts.configuration !== undefined && 'understood' in facts.configuration ? look(facts, facts.configuration.understood.servers) : [])
}

function ofUsers(look: (facts: Facts, server: Server, user: User) => Finding[]): Check['look'] {
  return ofAll((facts, servers) => servers.flatMap((server) => server.users.flatMap((user) => look(facts, server, user))))
}
