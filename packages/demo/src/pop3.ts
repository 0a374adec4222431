/**
 * A POP3 server's side of one conversation (RFC 1939, with CAPA of RFC 2449), without the network: a line in, lines out.
 * Texts are byte strings: one character is one byte.
 */
import { createHash } from 'node:crypto'

/** A message of a maildrop. */
export interface Message {
  /** What UIDL calls it: 1 to 70 characters from ! to ~. */
  uid: string
  /** Each line ends in CRLF, the last one too. */
  text: string
}

/** One conversation. Its messages are those that were there when it began. */
export interface Session {
  readonly user: string
  readonly secret: string
  /** What APOP digests: `<unique@host>`. */
  readonly timestamp: string
  readonly messages: readonly Message[]
  readonly state: State
  /** The name that USER gave and PASS has not yet used up. */
  readonly named: string | undefined
  /** The numbers that DELE marked; 1 is the first message. */
  readonly deleted: ReadonlySet<number>
}

/**
 * authorization: nobody has logged in; APOP or PASS leaves it. transaction: the messages can be read and marked; QUIT leaves it.
 * update: QUIT was said, and what is marked must now be removed. over: QUIT was said before anybody had logged in.
 */
export type State = 'authorization' | 'transaction' | 'update' | 'over'

export interface Step {
  /** Lines without their CRLF. */
  replies: readonly string[]
  session: Session
}

/** The conversation before its first line. */
export function open(start: Pick<Session, 'user' | 'secret' | 'timestamp' | 'messages'>): Session {
  return { ...start, state: 'authorization', named: undefined, deleted: new Set() }
}

/** The line that a server says first. */
export function greeting(session: Session): string {
  return `+OK POP3 ${session.timestamp}`
}

/** Obeys one line, which comes without its CRLF. */
export function step(session: Session, line: string): Step {
  const space = line.indexOf(' ')
  const word = (space < 0 ? line : line.slice(0, space)).toUpperCase()
  const argument = space < 0 ? '' : line.slice(space + 1)
  const verbs = session.state === 'authorization' ? authorizationVerbs : session.state === 'transaction' ? transactionVerbs : {}
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined
  return verb === undefined ? { replies: ['-ERR unknown command'], session } : verb(session, argument)
}

/** The messages that QUIT removes: none, unless the session has come to update. */
export function removed(session: Session): readonly Message[] {
  return session.state === 'update' ? session.messages.filter((_, index) => session.deleted.has(index + 1)) : []
}

/** What APOP sends: MD5 of the timestamp and the secret. */
export function apopDigest(timestamp: string, secret: string): string {
  return createHash('md5').update(timestamp + secret, 'latin1').digest('hex')
}

/** The lines of a message as they travel: one that begins with a dot gets another dot, and a lone dot ends it. */
export function stuff(text: string): readonly string[] {
  return [...linesOf(text).map((line) => (line.startsWith('.') ? '.' + line : line)), '.']
}

/** Cuts what has arrived so far into lines, and what is not yet a line. A bare LF ends a line too. */
export function cutLines(arrived: string): { lines: readonly string[]; rest: string } {
  const pieces = arrived.split('\n')
  const rest = pieces.pop() ?? ''
  return { lines: pieces.map((piece) => (piece.endsWith('\r') ? piece.slice(0, -1) : piece)), rest }
}

type Verb = (session: Session, argument: string) => Step

const capabilities = ['TOP', 'UIDL', 'USER', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', '.']

const capa: Verb = (session) => ({ replies: ['+OK', ...capabilities], session })

const authorizationVerbs: Record<string, Verb> = {
  CAPA: capa,
  USER: (session, argument) => ({ replies: ['+OK'], session: { ...session, named: argument } }),
  PASS: (session, argument) =>
    session.named === undefined
      ? { replies: ['-ERR USER comes first'], session }
      : login({ ...session, named: undefined }, session.named === session.user && argument === session.secret),
  APOP: (session, argument) => login(session, argument === `${session.user} ${apopDigest(session.timestamp, session.secret)}`),
  QUIT: (session) => ({ replies: ['+OK'], session: { ...session, state: 'over' } }),
}

const transactionVerbs: Record<string, Verb> = {
  CAPA: capa,
  NOOP: (session) => ({ replies: ['+OK'], session }),
  STAT: (session) => ({ replies: [`+OK ${left(session).length} ${octets(left(session))}`], session }),
  LIST: (session, argument) => listing(session, argument, ({ message }) => String(message.text.length)),
  UIDL: (session, argument) => listing(session, argument, ({ message }) => message.uid),
  RETR: (session, argument) =>
    withMessage(session, argument, ({ message }) => ({ replies: [`+OK ${message.text.length} octets`, ...stuff(message.text)], session })),
  TOP: (session, argument) => {
    const [number = '', count = ''] = argument.split(' ')
    if (!/^\d+$/.test(count)) return { replies: ['-ERR how many lines?'], session }
    return withMessage(session, number, ({ message }) => ({ replies: ['+OK', ...stuff(top(message.text, Number(count)))], session }))
  },
  DELE: (session, argument) =>
    withMessage(session, argument, ({ number }) => ({ replies: ['+OK'], session: { ...session, deleted: new Set([...session.deleted, number]) } })),
  RSET: (session) => ({ replies: ['+OK'], session: { ...session, deleted: new Set() } }),
  QUIT: (session) => ({ replies: ['+OK'], session: { ...session, state: 'update' } }),
}

function login(session: Session, right: boolean): Step {
  if (!right) return { replies: ['-ERR [AUTH] wrong name or secret'], session }
  return { replies: [`+OK ${session.messages.length} messages`], session: { ...session, state: 'transaction' } }
}

interface Numbered {
  /** 1 is the first. */
  number: number
  message: Message
}

/** What is not marked. Numbers do not change in a session, whatever is deleted. */
function left(session: Session): readonly Numbered[] {
  return session.messages.map((message, index) => ({ number: index + 1, message })).filter(({ number }) => !session.deleted.has(number))
}

function octets(numbered: readonly Numbered[]): number {
  return numbered.reduce((sum, { message }) => sum + message.text.length, 0)
}

function withMessage(session: Session, argument: string, found: (numbered: Numbered) => Step): Step {
  const numbered = left(session).find(({ number }) => String(number) === argument)
  return numbered === undefined ? { replies: ['-ERR no such message'], session } : found(numbered)
}

function listing(session: Session, argument: string, column: (numbered: Numbered) => string): Step {
  const row = (numbered: Numbered): string => `${numbered.number} ${column(numbered)}`
  if (argument !== '') return withMessage(session, argument, (numbered) => ({ replies: [`+OK ${row(numbered)}`], session }))
  return { replies: ['+OK', ...left(session).map(row), '.'], session }
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r\n$/, '').split('\r\n')
}

/** The header, the empty line after it, and so many lines of the body. */
function top(text: string, count: number): string {
  const lines = linesOf(text)
  const empty = lines.indexOf('')
  return lines.slice(0, empty < 0 ? lines.length : empty + 1 + count).map((line) => line + '\r\n').join('')
}
