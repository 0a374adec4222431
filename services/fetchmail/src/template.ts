/** fetchmail.conf for the five kinds of mailboxes that people have. */
import { shellWord } from './layout.ts'

/** What a configuration is made of. Byte strings, without control characters. */
export interface Answers {
  server: string
  user: string
  password: string
  /** Of multidrop: ours. Of single-drop: the domain of the recipient. */
  domain: string
  /** Of single-drop: who gets the mail. */
  recipient: string
  /** What the provider puts before the recipient in Delivered-To. */
  prefix: string
  postmaster: string
  /** `host` or `host/port`. */
  smtp: string
  /** undefined: the protocol's own. */
  port: string | undefined
  /** undefined: the authorities of the system. */
  certificate: string | undefined
  /** The program and the Maildir of `maildir`. */
  deliver: string
  maildir: string
}

export interface Kind {
  describe: string
  /** Those of the answers that have to be asked for, beside server, user and password. */
  asks: readonly ('domain' | 'recipient')[]
  write: (answers: Answers) => string
}

export const kinds = {
  apop: {
    describe: 'POP3 with APOP, one mailbox for a domain: the page as printed. The mail crosses the net in clear',
    asks: ['domain'],
    write: (answers) => multidrop(answers, 'apop', answers.port ?? '110', []),
  },
  pop3s: {
    describe: 'POP3 with TLS, one mailbox for a domain',
    asks: ['domain'],
    write: (answers) => multidrop(answers, 'pop3', answers.port ?? '995', tls(answers)),
  },
  'pop3s-keep': {
    describe: 'POP3 with TLS, one mailbox for one person; the mail stays at the provider too',
    asks: ['recipient', 'domain'],
    write: (answers) => singledrop(answers, `proto pop3 service ${answers.port ?? '995'} uidl`, [...tls(answers), 'keep']),
  },
  'imap-idle': {
    describe: 'IMAP with TLS, one mailbox for one person, who has new mail at once; one service for each such mailbox',
    asks: ['recipient', 'domain'],
    write: (answers) => singledrop(answers, `proto imap service ${answers.port ?? '993'}`, [...tls(answers), 'idle']),
  },
  maildir: {
    describe: 'POP3 with TLS, into a Maildir of this machine, without a mail server',
    asks: [],
    write: (answers) => `${head('Our own program puts each message into a Maildir; where it cannot, the message stays at the provider.', [])}
poll ${quoted(answers.server)} proto pop3 service ${answers.port ?? '995'}
  timeout 71
  user ${quoted(answers.user)} with password ${quoted(answers.password)} ${tls(answers).join(' ')}
  mda ${quoted(`${shellWord(answers.deliver)} ${shellWord(answers.maildir)}`.replaceAll('%', '%%'))}
  fetchall expunge 10
`,
  },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds

/** Seconds from poll to poll. In IDLE the server tells of mail, and this is only how soon a lost connection is made anew. */
export function intervalFor(kind: KindName): number {
  return kind === 'imap-idle' ? 60 : 551
}

/** A word of fetchmail.conf, whatever is in it. Throws RangeError for control characters: none of them is part of a name or password. */
export function quoted(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new RangeError('a control character')
  // a quote ends the word, backslash or not
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\x22')}"`
}

function head(what: string, settings: readonly string[]): string {
  return `# fetchmail/fetchmail.conf, by fetchmail-service install. The syntax is in fetchmail(1).
# It holds a password: owner fetchmail, mode 0600, or fetchmail does not start. After a change: fetchmail-service reload
# ${what}
${settings.map((line) => line + '\n').join('')}`
}

/** Without these, fetchmail answers what our mail server refuses with a bounce to the sender, at each poll anew. */
function toPostmaster({ postmaster }: Answers): string[] {
  return ['set no bouncemail', 'set no spambounce', `set postmaster ${quoted(postmaster)}`]
}

function multidrop(answers: Answers, protocol: string, port: string, words: readonly string[]): string {
  const { server, user, password, domain, prefix, smtp } = answers
  return `${head('One mailbox for a domain: the provider has noted the recipient as Delivered-To: PREFIXname@domain, and name@domain gets the mail.', toPostmaster(answers))}
poll ${quoted(server)} proto ${protocol} service ${port} nodns
  timeout 71
  localdomains ${quoted(domain)}
  qvirtual ${quoted(prefix)}
  envelope "Delivered-To"
  user ${[quoted(user), 'with password', quoted(password), ...words].join(' ')}
  to * here
  smtphost ${quoted(smtp)} smtpaddress ${quoted(domain)}
  fetchall forcecr expunge 10
`
}

function singledrop(answers: Answers, server: string, words: readonly string[]): string {
  return `${head('One mailbox for one person.', toPostmaster(answers))}
poll ${quoted(answers.server)} ${server}
  timeout ${words.includes('idle') ? 300 : 71}
  user ${[quoted(answers.user), 'with password', quoted(answers.password), ...words].join(' ')}
  is ${quoted(answers.recipient)} here
  smtphost ${quoted(answers.smtp)} smtpaddress ${quoted(answers.domain)}
  forcecr
`
}

function tls({ certificate }: Answers): string[] {
  return ['ssl', 'sslcertck', ...(certificate === undefined ? [] : [`sslcertfile ${quoted(certificate)}`])]
}
