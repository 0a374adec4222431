/** What stands in the demonstration's folder before anything runs: names and texts only. furnish.ts puts them on disk. */

export interface Furniture {
  path: string
  /** Undefined for a folder. */
  text?: string
  mode: number
  /** It belongs to the account that fetchmail runs as. */
  fetchmails?: boolean
}

/** What the texts depend on. */
export interface House {
  node: string
  pop3Program: string
  smtpProgram: string
  /** The account that fetchmail runs as by setuidgid; undefined: whoever runs the demonstration. */
  account: string | undefined
}

/** Seconds that fetchmail sleeps between two polls: the page's 551, long enough that no poll of the tour is one of its own. */
export const interval = 551

export const user = 'example'
export const secret = 'woolybooly'

/** All but fetchmail.conf, which needs the ports. */
export function furniture(house: House): readonly Furniture[] {
  const { node, pop3Program, smtpProgram, account } = house
  return [
    ...['service', 'sv', 'letters', 'maildrop', 'delivered'].map(folder),
    ...['pop3', 'smtp', 'fetchmail'].flatMap((service) => [folder(`sv/${service}`), folder(`sv/${service}/log`), script(`sv/${service}/log/run`, logRun)]),
    script('sv/pop3/run', `exec 2>&1\nexec ${quote(node)} ${quote(pop3Program)} ../../maildrop ./account ./port\n`),
    { path: 'sv/pop3/account', text: `${user} ${secret}\n`, mode: 0o600 },
    script('sv/smtp/run', `exec 2>&1\nexec ${quote(node)} ${quote(smtpProgram)} ../../delivered ./port\n`),
    script('sv/fetchmail/run', fetchmailRun(account)),
    { path: 'sv/fetchmail/state', mode: 0o700, fetchmails: true },
    ...['alice', 'bob', 'carol'].map((name) => ({ path: `maildrop/${name}`, text: letter(name), mode: 0o644 })),
    ...['dave', 'erin', 'frank'].map((name) => ({ path: `letters/${name}`, text: letter(name), mode: 0o644 })),
  ]
}

/** The page's fetchmail.conf, with ports of its own and nobody to bounce to. */
export function fetchmailConf(ports: { pop3: number; smtp: number }): Furniture {
  return {
    path: 'sv/fetchmail/fetchmail.conf',
    mode: 0o600,
    fetchmails: true,
    text: `set no bouncemail
set postmaster "postmaster@example.com"
poll pop.example.net via 127.0.0.1 proto apop service ${ports.pop3} nodns
  timeout 20
  localdomains example.com
  qvirtual "example-"
  envelope "Delivered-To"
  user "${user}" with password "${secret}"
  to * here
  smtphost "127.0.0.1/${ports.smtp}" smtpaddress example.com
  fetchall forcecr
`,
  }
}

/** A letter as the provider's maildrop has it: the virtual domain's prefix stands before the name. */
export function letter(name: string): string {
  return `Return-Path: <zoe@remote.example.org>
Delivered-To: example-${name}@example.com
From: Zoe <zoe@remote.example.org>
To: a list of friends <friends@remote.example.org>
Subject: hello ${name}
Message-ID: <${name}.1@remote.example.org>

Hello ${name},

this line is followed by one that is only a dot.
.
Zoe
`
}

/** One word for /bin/sh, whatever it holds. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

const logRun = 'exec multilog t ./main\n'

/**
 * HOME: since 6.4 fetchmail ends with 23 if it does not exist. The pid file: supervise already is the lock, and a stale one may name
 * another process. LC_ALL: the dates in the log. QMAILINJECT, NULLMAILER_FLAGS: fetchmail refuses to run with them.
 */
function fetchmailRun(account: string | undefined): string {
  return `exec 2>&1
echo "*** Starting fetchmail service..."
unset QMAILINJECT NULLMAILER_FLAGS
rm -f ./state/fetchmail.pid
exec env HOME=./state FETCHMAILHOME=./state LC_ALL=C \\
  ${account === undefined ? '' : `setuidgid ${account} `}fetchmail -v \\
  -f ./fetchmail.conf --nodetach --daemon ${interval}
`
}

function folder(path: string): Furniture {
  return { path, mode: 0o755 }
}

function script(path: string, text: string): Furniture {
  return { path, text: '#!/bin/sh\n' + text, mode: 0o755 }
}
