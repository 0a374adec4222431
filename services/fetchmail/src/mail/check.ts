/** What a login without fetching has shown. */
import { readEvents } from './event.ts'
import { nameTrouble, type Trouble, wordsOf } from './trouble.ts'

export interface Check {
  server: string
  /** Undefined: all is well. */
  trouble: Trouble | undefined
  words: string | undefined
  /** What waits at the server. */
  mailboxes: { words: string; messages: number; seen: number }[]
}

/** fetchmail(1): there was mail, or none. */
const good = [0, 1]

const conversation = /^fetchmail: (?:POP3|IMAP)[<>] /

/** Some servers do not answer a login until another session has left the mailbox. */
function isLogin(line: string | undefined): boolean {
  return line !== undefined && /^fetchmail: (?:POP3> (?:PASS |APOP |[\w+/]{20,}=*$)|IMAP> (?:\S+ LOGIN |[\w+/]{20,}=*$))/.test(line)
}

/** @param lines What fetchmail said, both streams. @param status Its exit code, if it had one. @param idled It got as far as IDLE. */
export function readCheck(server: string, lines: readonly string[], status: number | undefined, idled: boolean): Check {
  const events = lines.flatMap((line) => readEvents(line).map((event) => ({ event, line })))
  const remarks = events.flatMap(({ event }) => (event.event === 'remark' ? [event.text] : []))
  const mailboxes = events.flatMap(({ event, line }) =>
    event.event === 'mail found' ? [{ words: line.replace(/\.$/, ''), messages: event.messages, seen: event.seen }] : /^fetchmail: No mail for /.test(line) ? [{ words: line.replace(/^fetchmail: /, ''), messages: 0, seen: 0 }] : [],
  )
  if (idled || (status !== undefined && good.includes(status))) return { server, trouble: undefined, words: undefined, mailboxes }
  const named = status === undefined && remarks.length === 0 ? 'mute server' : nameTrouble(remarks, status ?? 0)
  const trouble = named === 'mute server' && isLogin(lines.findLast((line) => conversation.test(line))) ? 'mailbox locked' : named
  return { server, trouble, words: wordsOf(remarks, trouble), mailboxes }
}
