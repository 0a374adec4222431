/** Logs for the tests: what fetchmail 6.4.37 said, with stamps. */
import { formatLabel, fromUnix } from '@daemontools-ts/tai64'

export const start = 1_795_801_900

/** Lines with the stamps of so many seconds, one a second from `start` on. */
export function stamped(lines: readonly string[], from = start): string {
  return lines.map((line, index) => `${formatLabel(fromUnix(from + index, 500_000_000))} ${line}\n`).join('')
}

export const started = ['*** Starting fetchmail service...', 'fetchmail: starting fetchmail 6.4.37 daemon']

/** A round at one server: between its begin and its end, what is said there. */
export function round(said: readonly string[], status?: string, server = 'pop.example.net'): string[] {
  return [
    `fetchmail: 6.4.37 querying ${server} (protocol POP3) at Sun Nov 22 07:04:39 2026: poll started`,
    'Trying to connect to 127.0.0.1/110...connected.',
    ...said,
    `fetchmail: 6.4.37 querying ${server} (protocol POP3) at Sun Nov 22 07:04:39 2026: poll completed`,
    ...(status === undefined ? [] : [`fetchmail: Query status=${status}`]),
  ]
}

export const sleeping = 'fetchmail: sleeping at Sun Nov 22 07:04:39 2026 for 551 seconds'

/** One message: the line of its reading, and that of its end, are said without a newline at first. */
export function message(end: string, ...between: string[]): string[] {
  return ['reading message example@pop.example.net:1 of 1 (440 octets)', ...between, 'fetchmail: SMTP< 250 2.0.0 flushed, said the server', end]
}

export const wrongPassword = ['fetchmail: POP3< -ERR [AUTH] Authentication failed.', 'fetchmail: [AUTH] Authentication failed.', 'fetchmail: Authorization failure on example@pop.example.net']

export const refused = ['fetchmail: SMTP error: 550 5.1.1 nobody here', "fetchmail: SMTP listener doesn't like recipient address `x@example.com'", "fetchmail: can't even send to fetchmail!"]
