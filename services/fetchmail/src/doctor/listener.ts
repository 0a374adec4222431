/** Asks a mail server whether it would take mail, without giving it any. */
import { connect } from 'node:net'
import { hostname } from 'node:os'

export interface Listener {
  /** As the configuration has it: `localhost`, `localhost/2525`. */
  name: string
  /** Why there is no answer. */
  refusal: string | undefined
  /** Its answer to each recipient: `250 2.1.5 Recipient ok`. */
  answers: ReadonlyMap<string, string>
}

const smtpPort = 25

/** @param recipients Whom to ask for, without sending them anything. @param seconds How long it may be silent. */
export function askListener(name: string, recipients: readonly string[], seconds: number): Promise<Listener> {
  const [host, port] = name.split('/') as [string, string | undefined]
  const commands = [`EHLO ${hostname()}`, 'MAIL FROM:<>', ...recipients.map((recipient) => `RCPT TO:<${recipient}>`), 'RSET', 'QUIT']
  return new Promise((resolve) => {
    const answers: string[] = []
    const socket = connect(port === undefined ? smtpPort : Number(port), host)
    let arrived = ''
    const settle = (refusal?: string): void => {
      socket.destroy()
      const asked = recipients.map((recipient, index): [string, string] => [recipient, answers[index + 3] ?? ''])
      resolve({ name, refusal, answers: new Map(asked.filter(([, answer]) => answer !== '')) })
    }
    socket.setTimeout(seconds * 1000, () => settle(`no answer for ${seconds} seconds`))
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED' ? 'connection refused' : error.message))
    socket.on('close', () => settle(answers.length === 0 ? 'it hung up' : undefined))
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const { replies, rest } = cutReplies(arrived + chunk)
      arrived = rest
      for (const reply of replies) {
        answers.push(reply)
        if (answers.length === 1 && !reply.startsWith('2')) return settle(reply)
        const next = commands[answers.length - 1]
        if (next === undefined) return settle()
        socket.write(next + '\r\n', 'latin1')
      }
    })
  })
}

/** Complete replies, each as its last line, and what has come of the next one (RFC 5321 §4.2.1: `250-` goes on, `250 ` ends). */
export function cutReplies(arrived: string): { replies: string[]; rest: string } {
  const replies = []
  let rest = arrived
  for (let from = 0; ; ) {
    const end = rest.indexOf('\n', from)
    if (end === -1) return { replies, rest }
    const line = rest.slice(from, end).replace(/\r$/, '')
    from = end + 1
    if (/^\d{3}-/.test(line)) continue
    replies.push(line)
    rest = rest.slice(from)
    from = 0
  }
}
