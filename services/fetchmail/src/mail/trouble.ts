/** Why a poll failed, from what fetchmail said meanwhile. */

/** Ours, and the same in docs/fetchmail-faults.md. */
export type Trouble =
  | 'wrong password'
  | 'no APOP'
  | 'mailbox locked'
  | 'certificate expired'
  | 'self-signed certificate'
  | 'certificate for another name'
  | 'unknown authority'
  | 'certificate refused'
  | 'no TLS'
  | 'unknown host'
  | 'mail server down'
  | 'mail server mute'
  | 'mail refused'
  | 'delivery program failed'
  | 'connection refused'
  | 'unreachable'
  | 'mute server'
  | 'no such mailbox'
  | 'command failed'
  | 'failed'

/** The first that matches anything said is the cause: what comes later in the list may be a consequence of it. */
const signs: readonly (readonly [Trouble, RegExp])[] = [
  ['no APOP', /^fetchmail: Required APOP timestamp not found/],
  ['mailbox locked', /\[IN-USE\]|lock busy|[Mm]ailbox (?:is )?(?:already )?(?:locked|in use)/],
  ['wrong password', /^fetchmail: (?:Authorization failure on|Lead server has no name)/],
  ['certificate expired', /^fetchmail: Server certificate verification error: certificate has expired/],
  ['certificate for another name', /^fetchmail: (?:Server CommonName mismatch|Server certificate verification error: (?:hostname|IP address) mismatch)/],
  ['self-signed certificate', /^fetchmail: Server certificate verification error: self[- ]signed certificate$/],
  ['unknown authority', /^fetchmail: Server certificate verification error: (?:unable to get (?:local )?issuer|self[- ]signed certificate in)/],
  ['certificate refused', /^fetchmail: Server certificate verification error: /],
  ['mail server down', /^fetchmail: SMTP connect to \S+ failed/],
  ['mail server mute', /^fetchmail: timeout after \d+ seconds waiting for listener to respond/],
  ['delivery program failed', /MDA (?:returned nonzero status|died of signal)/],
  ['no TLS', /upgrade to TLS failed|: SSL connection failed|TLS is mandatory/],
  ['unknown host', /^fetchmail: (?:getaddrinfo\(|couldn't find (?:canonical DNS name|HESIOD)|.*Name or service not known)/],
  ['connection refused', /^fetchmail: connection to \S+ \[\S+\] failed: Connection refused/],
  ['unreachable', /^fetchmail: connection to \S+ \[\S+\] failed: /],
  ['mute server', /^fetchmail: timeout after \d+ seconds (?:waiting for server|waiting to connect to server)/],
  ['no such mailbox', /mailbox selection failed/],
  ['command failed', /^(?:fetchmail: )?(?:pre|post)-?connection command .*(?:failed|status)/],
  ['mail refused', /^fetchmail: (?:SMTP error: |can't even send to )/],
]

/** By Query status, where nothing that was said is known. */
const byStatus: Readonly<Record<number, Trouble>> = { 3: 'wrong password', 5: 'command failed', 9: 'mailbox locked', 10: 'mail server down' }

/** @param remarks What was said during the poll. @param status Its Query status. */
export function nameTrouble(remarks: readonly string[], status: number): Trouble {
  return signs.find(([, sign]) => remarks.some((text) => sign.test(text)))?.[0] ?? byStatus[status] ?? 'failed'
}

/** The line that says it best, for a person. */
export function wordsOf(remarks: readonly string[], trouble: Trouble): string | undefined {
  const sign = signs.find(([name]) => name === trouble)?.[1]
  const line = sign === undefined ? remarks.at(-1) : remarks.find((text) => sign.test(text))
  return line?.replace(/^fetchmail: /, '')
}

/** Whether it is about where mail goes to, not where it comes from: the provider's side is in order. */
export function isDelivery(trouble: Trouble): boolean {
  return ['mail server down', 'mail server mute', 'mail refused', 'delivery program failed'].includes(trouble)
}
