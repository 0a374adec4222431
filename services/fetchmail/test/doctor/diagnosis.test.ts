/** From facts to findings. That the facts are what is so: test/fetchmail/faults.test.ts. */
import fc from 'fast-check'
import t from 'tap'
import type { Server, User } from '../../src/configdump.ts'
import { canAsk, checks, diagnose } from '../../src/doctor/diagnosis.ts'
import type { Facts } from '../../src/doctor/facts.ts'
import { layoutBelow } from '../../src/layout.ts'
import { noPolls } from '../../src/mail/polls.ts'
import type { Trouble } from '../../src/mail/trouble.ts'
import type { Entry } from '../../src/system.ts'
import { entries, healthy, layout, server, user } from './healthy.ts'

const { directory, log } = layout
const having = (path: string, change: Partial<Entry> | undefined): Partial<Facts> => {
  const changed = new Map(entries)
  if (change === undefined) changed.delete(path)
  else changed.set(path, { ...(entries.get(path) ?? { kind: 'file', mode: 0o600, uid: 0 }), ...change })
  return { entries: changed }
}
const understanding = (ofServer: Partial<Server>, ofUser: Partial<User> = {}): Partial<Facts> => {
  const { understood } = healthy.configuration as { understood: { servers: Server[] } & object }
  return { configuration: { understood: { ...(understood as never as { postmaster: string }), servers: [{ ...server, ...ofServer, users: [{ ...user, ...ofUser }] }] } as never } }
}
const globally = (change: object): Partial<Facts> => ({ configuration: { understood: { ...(healthy.configuration as { understood: object }).understood, ...change } as never } })
const supervised = (change: Partial<Facts['supervision']>): Partial<Facts> => ({ supervision: { ...healthy.supervision, ...change } })
const down = { ...healthy.supervision.status!, pid: 0 }
const trouble = (name: Trouble): Partial<Facts> => ({ servers: [{ server: 'pop.example.net', trouble: name, words: undefined, mailboxes: [] }] })
const answering = (recipient: string, answer: string): Partial<Facts> => ({ listeners: [{ ...healthy.listeners[0]!, answers: new Map([...healthy.listeners[0]!.answers, [recipient, answer]]) }] })

/** The first thing that is said of it. */
const cases: [Partial<Facts>, 'problem' | 'warning', RegExp, RegExp][] = [
  [{ program: undefined }, 'problem', /not installed/, /apt-get/],
  [{ entries: new Map() }, 'problem', /the service is not installed/, /install --template/],
  [{ accounts: new Map([['multilog', { uid: 901, gid: 900 }]]) }, 'problem', /no account fetchmail/, /fetchmail-service install$/],
  [having(directory + '/run', { mode: 0o644 }), 'problem', /run may not be executed/, /chmod 0755/],
  [having(directory + '/log/run', { content: 'mine' }), 'warning', /log\/run is not as delivered/, /install/],
  [having(directory + '/env/INTERVAL', undefined), 'problem', /INTERVAL is missing/, /echo 551/],
  [having(directory + '/env/INTERVAL', { content: '00551\n' }), 'problem', /no whole number/, /echo 551/],
  [having(directory + '/env/INTERVAL', { content: '10\n' }), 'warning', /lock out/, /echo 551/],
  [having(directory + '/fetchmail.conf', undefined), 'problem', /fetchmail\.conf is missing/, /install/],
  [having(directory + '/fetchmail.conf', { content: 'poll example\n' }), 'problem', /still the example/, /vi/],
  [having(directory + '/fetchmail.conf', { mode: 0o640 }), 'problem', /open to others \(mode 0640\)/, /chmod 0600/],
  [having(directory + '/pid', { mode: 0o500 }), 'problem', /cannot write into the directory pid/, /chmod 0700/],
  [having(directory + '/pid/.fetchids', { mode: 0o644, uid: 900 }), 'problem', /\.fetchids does not belong/, /chown/],
  [having(log, { mode: 0o755 }), 'warning', /is open to others/, /chmod 0700/],
  [having(log, undefined), 'problem', /the log .* is missing/, /install/],
  [{ space: new Map([[log, 0]]) }, 'problem', /the disk is full/, /df/],
  [{ strangers: [8] }, 'problem', /another fetchmail, process 8/, /^kill 8 && svc -u/],
  [{ distributionDaemon: true }, 'warning', /Debian's own/, /START_DAEMON=no/],
  [{ configuration: { status: 5, complaints: ['fetchmail:/var/svc.d/fetchmail/fetchmail.conf:4: syntax error at protto'] } }, 'problem', /line 4: syntax error at protto/, /vi .*reload {2}# line 4$/],
  [{ configuration: { status: 5, complaints: ['fetchmail: Error: idle mode does not work'] } }, 'problem', /refuses its configuration: Error: idle/, /vi/],
  [globally({ servers: [] }), 'problem', /polls no server/, /vi/],
  [understanding({}, { hasPassword: false }), 'problem', /no password for example/, /vi/],
  [globally({ syslog: true }), 'problem', /set syslog/, /delete: set syslog/],
  [globally({ pollInterval: 300 }), 'warning', /set daemon/, /delete/],
  [understanding({}, { ssl: false }), 'problem', /port 995 speaks TLS/, /ssl/],
  [understanding({ service: '110' }), 'problem', /ssl is for port 995/, /vi/],
  [understanding({ protocol: 'APOP', service: '110' }, { ssl: false }), 'warning', /APOP hides the password/, /ssl/],
  [understanding({ service: '110' }, { ssl: false, sslproto: '' }), 'warning', /in clear/, /ssl/],
  [understanding({}, { sslcertck: false }), 'warning', /nobody checks/, /sslcertck/],
  [understanding({ envelope: 'Received' }), 'warning', /guesses the recipients/, /envelope/],
  [understanding({ localdomains: [] }), 'warning', /all mail goes to the postmaster/, /localdomains/],
  [globally({ bouncemail: true }), 'warning', /bounce/, /no bouncemail/],
  [{ ...globally({ postmaster: 'fetchmail' }), listeners: [] }, 'warning', /no postmaster with a domain/, /set postmaster/],
  [{ listeners: [{ ...healthy.listeners[0]!, refusal: 'connection refused' }] }, 'problem', /no mail server answers at localhost port 25/, /systemctl start postfix/],
  [{ listeners: [{ ...healthy.listeners[0]!, refusal: 'connection refused' }], mailServers: [] }, 'problem', /no mail server/, /apt-get install opensmtpd .*maildir/],
  [answering('postmaster@example.com', '550 no'), 'problem', /refuses the postmaster/, /set postmaster/],
  [answering('no-such-person-fetchmail-service@example.com', '250 ok'), 'warning', /takes mail for anybody/, /queue/],
  [{ polls: { ...noPolls, last: { started: 1, ended: 2, delivered: 0, kept: 0, refused: 3, refusal: 'SMTP error: 550 no', failures: [] } } }, 'problem', /3 could not be delivered: SMTP error: 550 no/, /tail/],
  [supervised({ supervised: false }), 'problem', /nobody supervises/, /svscanboot/],
  [{ ...supervised({ supervised: false }), ...having(layout.link, undefined) }, 'problem', /nobody supervises/, /^ln -s/],
  [{ ...supervised({ status: down, reason: 'x - y - svc -u z' }), strangers: [] }, 'problem', /not started again by itself: x - y$/, /^svc -u z$/],
  [{ ...supervised({ status: { ...down, want: 'down' } }), strangers: [] }, 'problem', /as it was told to be/, /svc -u/],
  [{ logSupervision: { ...healthy.logSupervision, status: down } }, 'problem', /the logger does not stay up/, /install/],
  [{ polls: { ...noPolls, starts: [1, 2, 3].map((second) => healthy.now - 5000 + second * 1000) } }, 'problem', /again and again/, /tail/],
  [{ hostResolves: false }, 'warning', /name of this machine/, /hosts/],
]

t.test('a healthy service has nothing said of it', async (t) => {
  t.same(diagnose(healthy), { findings: [], healthy: true })
  t.ok(canAsk(healthy))
})

t.test('each fault is named first, with a command', async (t) => {
  for (const [change, level, cause, cure] of cases) {
    const { findings, healthy: isWell } = diagnose({ ...healthy, ...change })
    t.match(findings[0], { level, cause, cure }, `${cause}: ${JSON.stringify(findings)}`)
    t.equal(isWell, level === 'warning')
  }
})

t.test('each trouble at a server has a cause and a cure of its own', async (t) => {
  const troubles: Trouble[] = ['wrong password', 'no APOP', 'mailbox locked', 'certificate expired', 'self-signed certificate', 'certificate for another name', 'unknown authority', 'certificate refused', 'no TLS', 'unknown host', 'connection refused', 'unreachable', 'mute server', 'no such mailbox', 'command failed', 'failed']
  const causes = troubles.map((name) => {
    const { findings } = diagnose({ ...healthy, ...trouble(name) })
    t.match(findings, [{ level: 'problem', cause: /pop\.example\.net|command/, cure: /^[a-z][\w.-]+ / }], name)
    return findings[0]!.cause
  })
  t.equal(new Set(causes).size, troubles.length)
})

t.test('whatever is wrong, every finding has a cause and a command, problems come first, and no fault hides another', async (t) => {
  fc.assert(fc.property(fc.shuffledSubarray(cases, { minLength: 1, maxLength: 6 }), (chosen) => {
    const facts = chosen.reduce<Facts>((all, [change]) => ({ ...all, ...change }), healthy)
    const { findings, healthy: isWell } = diagnose(facts)
    const levels = findings.map(({ level }) => level)
    return (
      findings.every(({ cause, cure }) => cause !== '' && /^[a-z./]/.test(cure) && !/\n/.test(cause + cure)) &&
      levels.lastIndexOf('problem') < (levels.indexOf('warning') + 1 || Infinity) &&
      isWell === !levels.includes('problem')
    )
  }))
  t.equal(new Set(checks.map(({ name }) => name)).size, checks.length)
})

t.test('cures name the instance and the root', async (t) => {
  const elsewhere = layoutBelow('/r', 'me')
  const { findings } = diagnose({ ...healthy, layout: elsewhere, entries: new Map() })
  t.equal(findings[0]!.cure, 'fetchmail-service install --template pop3s --instance me --root /r')
})
