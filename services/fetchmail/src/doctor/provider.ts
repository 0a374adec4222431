/** Checks of where the mail comes from, by what a login has shown. */
import type { Server } from '../configdump.ts'
import { shellWord } from '../layout.ts'
import type { Check as ServerCheck } from '../mail/check.ts'
import type { Facts } from './facts.ts'
import { type Check, type Finding, problem, warning } from './finding.ts'
import { edit, self } from './words.ts'

export const providerChecks: readonly Check[] = [
  { name: 'the server lets us in', look: lookAtServers },
  { name: "this machine's name has an address", look: ({ hostResolves }) => (hostResolves ? [] : [warning('the name of this machine has no address: fetchmail complains at each start', 'echo "127.0.1.1 $(uname -n)" >>/etc/hosts')]) },
]

function lookAtServers(facts: Facts): Finding[] {
  if (facts.configuration === undefined || !('understood' in facts.configuration)) return []
  const { servers } = facts.configuration.understood
  return facts.servers.flatMap((check) => {
    const server = servers.find(({ name }) => name === check.server)
    // without a password, which has been said, it comes to this
    const isKnown = check.trouble === 'wrong password' && server?.users.some(({ hasPassword }) => !hasPassword)
    return check.trouble === undefined || server === undefined || isKnown ? [] : [findingOf(facts, server, check)]
  })
}

function findingOf({ layout }: Facts, server: Server, { trouble, words }: ServerCheck): Finding {
  const { name } = server
  const user = server.users.map((user) => user.name).join(', ')
  const at = `${server.via ?? name} port ${portOf(server)}`
  const said = words === undefined ? '' : `: ${words}`
  const show = `openssl s_client -connect ${shellWord(`${server.via ?? name}:${portOf(server)}`)} -servername ${shellWord(name)} </dev/null`
  const again = self(layout, 'poll')
  switch (trouble) {
    case 'wrong password':
      return problem(`${name} refuses the password of ${user}`, edit(layout, 'with password "..."'))
    case 'no APOP':
      return problem(`${name} has no APOP: its greeting holds no timestamp`, edit(layout, 'proto pop3 service 995 ... ssl sslcertck'))
    case 'mailbox locked':
      return problem(`another session has the mailbox of ${user} at ${name} locked: it may be read elsewhere`, `${again}  # after the other program has been closed`)
    case 'certificate expired':
      return problem(`the certificate of ${at} has expired; only the provider can renew it`, `${show} | openssl x509 -noout -dates  # and tell the provider`)
    case 'certificate for another name':
      return problem(`the certificate of ${at} is for another name than ${name}${said}`, `${show} | openssl x509 -noout -ext subjectAltName && ${edit(layout, `poll NAME via ${server.via ?? name}: a name of the certificate`)}`)
    case 'self-signed certificate':
      return problem(`the certificate of ${at} is self-signed: nobody vouches for it`, `${show} | openssl x509 >${shellWord(`${layout.directory}/${name}.pem`)} && ${edit(layout, `sslcertfile "${layout.directory}/${name}.pem"`)}`)
    case 'unknown authority':
      return problem(`the certificate of ${at} is by an authority that this machine does not know${said}`, 'apt-get install ca-certificates  # or sslcertfile in fetchmail.conf, for an authority of your own')
    case 'certificate refused':
      return problem(`the certificate of ${at} is refused${said}`, `${show} | openssl x509 -noout -text`)
    case 'no TLS':
      return problem(`${at} does not speak TLS, or not ours${said}`, `${show}  # then in fetchmail.conf: ssl with port 995 or 993, and only there`)
    case 'unknown host':
      return problem(`there is no host ${server.via ?? name}, or no name server answers`, edit(layout, 'the name after poll (or via)'))
    case 'connection refused':
      return problem(`nobody listens at ${at}: connection refused`, edit(layout, 'service: the right port; if it is right, the server is down and is tried again at each poll'))
    case 'unreachable':
      return problem(`${at} cannot be reached${said}`, `ping -c 3 ${shellWord(server.via ?? name)}  # the network, or a firewall`)
    case 'mute server':
      return problem(`${at} accepts the connection and says nothing`, edit(layout, 'service and ssl: the right ones? If they are, the server hangs: fetchmail tries again at each poll'))
    case 'no such mailbox':
      return problem(`${name} has no such folder${said}`, edit(layout, 'folder'))
    case 'command failed':
      return problem(`a command in fetchmail.conf failed${said}`, edit(layout, 'preconnect, postconnect'))
    default:
      return problem(`fetchmail fails at ${at}${said}`, `${self(layout, 'dry-run')} --verbose  # shows the conversation`)
  }
}

function portOf({ protocol, service, users }: Server): string {
  const ssl = users.some((user) => user.ssl)
  return service ?? (protocol.startsWith('IMAP') ? (ssl ? '993' : '143') : ssl ? '995' : '110')
}
