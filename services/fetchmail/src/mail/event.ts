/** What fetchmail says with -v, line by line, as events. The lines were seen with 6.4.37 under LC_ALL=C; docs/fetchmail.md has them. */

export type Event =
  /** run has begun. */
  | { event: 'service started' }
  | { event: 'fetchmail started' }
  | { event: 'poll started'; server: string }
  | { event: 'mail found'; messages: number; seen: number }
  | { event: 'message' }
  /** What became of it: `kept` means that it is still at the provider, delivered or not. */
  | { event: 'message ended'; how: 'delivered' | 'kept' }
  | { event: 'recipient refused' }
  /** Also said of a poll that failed. */
  | { event: 'poll completed'; server: string }
  /** Comes after `poll completed`: it had failed. */
  | { event: 'status'; status: number; name: string }
  | { event: 'sleeping'; seconds: number }
  | { event: 'awakened' }
  /** The server will tell when there is mail: a poll that does not end. */
  | { event: 'idle' }
  | { event: 'ended' }
  /** run or finish: a person has to do something. */
  | { event: 'refused'; text: string }
  /** Anything else that fetchmail says and that is no part of a conversation. */
  | { event: 'remark'; text: string }

type Reader = (match: RegExpExecArray) => Event

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^\*\*\* Starting fetchmail service/, () => ({ event: 'service started' })],
  [/^\*\*\* (.*)$/, ([, text]) => ({ event: 'refused', text: text! })],
  [/^fetchmail: starting fetchmail /, () => ({ event: 'fetchmail started' })],
  [/^fetchmail: \S+ querying (\S+) \(protocol \S+\) at .*: poll started$/, ([, server]) => ({ event: 'poll started', server: server! })],
  [/^fetchmail: \S+ querying (\S+) \(protocol \S+\) at .*: poll completed$/, ([, server]) => ({ event: 'poll completed', server: server! })],
  [/^(\d+) messages?(?: \((\d+) seen\))? for .+ at \S+/, ([, messages, seen]) => ({ event: 'mail found', messages: Number(messages), seen: Number(seen ?? 0) })],
  [/^fetchmail: Query status=(\d+)(?: \((\w+)\))?/, ([, status, name]) => ({ event: 'status', status: Number(status), name: name ?? '' })],
  [/^fetchmail: sleeping at .* for (\d+) seconds$/, ([, seconds]) => ({ event: 'sleeping', seconds: Number(seconds) })],
  [/^fetchmail: awakened (?:at|by signal) /, () => ({ event: 'awakened' })],
  [/^fetchmail: IMAP> \S+ IDLE$/, () => ({ event: 'idle' })],
  [/^fetchmail: (?:terminated with signal \d+|normal termination, status \d+)$/, () => ({ event: 'ended' })],
  [/^fetchmail: SMTP error: /, () => ({ event: 'recipient refused' })],
  [/^(?:MDA|fetchmail: MDA) (?:returned nonzero status|died of signal)/, () => ({ event: 'recipient refused' })],
]

/** It is said without a newline, and whatever comes next is glued to it. */
const reading = /^reading message .+:\d+ of \d+ \(\d+ (?:header )?octets\)/
/** How far it is, on the same line: a program that refuses mail without a word is named behind it. */
const progress = /^[#* .]+(?=fetchmail: |MDA )/
const ending = /^(?:[#* ]*) (not flushed|flushed|retained)\s*$/
/** Both sides of a conversation with a server; of these the readers know what they want. */
const conversation = /^fetchmail: (?:POP3|IMAP|SMTP|LMTP|ESMTP)[<>]/

/** @param line Without its stamp and its newline. @returns most often none or one. */
export function readEvents(line: string): Event[] {
  const message = reading.exec(line)
  if (message !== null) return [{ event: 'message' }, ...readEvents(line.slice(message[0].length).replace(progress, ''))]
  const end = ending.exec(line)
  if (end !== null) return [{ event: 'message ended', how: end[1] === 'flushed' ? 'delivered' : 'kept' }]
  for (const [pattern, read] of readers) {
    const match = pattern.exec(line)
    if (match !== null) return [read(match), ...(match[0].includes('SMTP error') || match[0].includes('MDA') ? [remark(line)] : [])]
  }
  return line === '' || conversation.test(line) || /^[#* .]+$/.test(line) ? [] : [remark(line)]
}

function remark(text: string): Event {
  return { event: 'remark', text }
}
