/** What fetchmail understood of its configuration: the text that `fetchmail --configdump` prints, a Python expression. Passwords are left out. */

export interface Configuration {
  postmaster: string
  bouncemail: boolean
  syslog: boolean
  logfile: string | undefined
  /** `set daemon`; 0: not set. */
  pollInterval: number
  servers: Server[]
}

export interface Server {
  /** Of `poll`: what a certificate is for. */
  name: string
  /** Of `via`: where it really is. */
  via: string | undefined
  active: boolean
  /** POP3, APOP, IMAP … */
  protocol: string
  /** A port's number or name. */
  service: string | undefined
  timeout: number
  envelope: string | undefined
  uidl: boolean
  localdomains: string[]
  users: User[]
}

export interface User {
  name: string
  hasPassword: boolean
  /** `*`: whoever the message is for. */
  localnames: string[]
  keep: boolean
  idle: boolean
  ssl: boolean
  sslcertck: boolean
  /** undefined: not set; '' refuses TLS. */
  sslproto: string | undefined
  sslfingerprint: string | undefined
  mda: string | undefined
  bsmtp: string | undefined
  /** `host` or `host/port`, tried in order. */
  smtphosts: string[]
  smtpaddress: string | undefined
}

type Value = string | number | boolean | undefined | string[]

/** @param dump A byte string. */
export function readConfigdump(dump: string): Configuration {
  const configuration: Configuration = { postmaster: '', bouncemail: true, syslog: false, logfile: undefined, pollInterval: 0, servers: [] }
  let scope: Record<string, Value> = {}
  const globals = scope
  const scopes: { server: Record<string, Value>; users: Record<string, Value>[] }[] = []
  for (const line of dump.split('\n')) {
    const [, key, text] = /^\s*["'](\w+)["']:\s*(.*?),?$/.exec(line) ?? []
    if (key === undefined) continue
    if (key === 'pollname') scopes.push({ server: (scope = {}), users: [] })
    else if (key === 'remote') scopes.at(-1)?.users.push((scope = {}))
    scope[key] = key === 'password' ? text !== 'None' : readValue(text!)
  }
  return {
    ...configuration,
    postmaster: text(globals['postmaster']) ?? '',
    bouncemail: globals['bouncemail'] === true,
    syslog: globals['syslog'] === true,
    logfile: text(globals['logfile']),
    pollInterval: number(globals['poll_interval']),
    servers: scopes.map(({ server, users }) => serverOf(server, users.map(userOf))),
  }
}

/** Whether mail is handed out by what the messages say. */
export function isMultidrop(user: User): boolean {
  return user.localnames.includes('*') || user.localnames.length > 1
}

/** Whether it waits in IMAP IDLE. */
export function usesIdle(configuration: Configuration): boolean {
  return configuration.servers.some(({ protocol, users }) => protocol.startsWith('IMAP') && users.some(({ idle }) => idle))
}

function serverOf(values: Record<string, Value>, users: User[]): Server {
  return {
    name: text(values['pollname']) ?? '',
    via: text(values['via']),
    active: values['active'] !== false,
    protocol: text(values['protocol']) ?? '',
    service: text(values['service']),
    timeout: number(values['timeout']),
    envelope: text(values['envelope']),
    uidl: values['uidl'] === true,
    localdomains: list(values['localdomains']),
    users,
  }
}

function userOf(values: Record<string, Value>): User {
  return {
    name: text(values['remote']) ?? '',
    hasPassword: values['password'] === true,
    localnames: list(values['localnames']),
    keep: values['keep'] === true,
    idle: values['idle'] === true,
    ssl: values['ssl'] === true,
    sslcertck: values['sslcertck'] === true,
    sslproto: text(values['sslproto']),
    sslfingerprint: text(values['sslfingerprint']),
    mda: text(values['mda']),
    bsmtp: text(values['bsmtp']),
    smtphosts: list(values['smtphunt']),
    smtpaddress: text(values['smtpaddress']),
  }
}

function readValue(text: string): Value {
  if (text === 'None') return undefined
  if (text === 'TRUE' || text === 'FALSE') return text === 'TRUE'
  if (text.startsWith('[')) return [...text.matchAll(/(["'])((?:[^"'\\]|\\.|'(?!\1))*?)\1/g)].map(([, , word]) => unescape(word!))
  const quoted = /^(["'])(.*)\1$/.exec(text)
  return quoted === null ? Number(text) : unescape(quoted[2]!)
}

function unescape(text: string): string {
  return text.replaceAll(/\\(["'\\])/g, '$1')
}

function text(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function number(value: Value): number {
  return typeof value === 'number' ? value : 0
}

function list(value: Value): string[] {
  return Array.isArray(value) ? value : []
}
