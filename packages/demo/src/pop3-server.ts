import { createServer, type Socket } from 'node:net'
import { listen, type Listening } from './listening.ts'
import { readMaildrop, removeMessages } from './maildrop.ts'
import { cutLines, greeting, open, removed, step } from './pop3.ts'

/** Where a POP3 server finds its mail, who may have it, and its port; 0 takes a free one. */
export interface Pop3Options {
  maildrop: string
  user: string
  secret: string
  port: number
}

/** Serves a maildrop by POP3, with APOP, on 127.0.0.1. */
export function startPop3(options: Pop3Options): Promise<Listening> {
  const server = createServer((socket) => {
    conversations += 1
    const timestamp = `<${process.pid}.${Date.now()}.${conversations}@pop.example.net>`
    // What goes wrong in one conversation ends that one.
    converse(socket, options, timestamp).catch(() => socket.destroy())
  })
  return listen(server, options.port)
}

/** Counted over all servers of this process: no two timestamps may be alike, or what APOP sends could be used again. */
let conversations = 0

/** RFC 1939 §3: ten minutes at least. */
const idleMilliseconds = 600_000

/** No command comes near it (RFC 2449 §4: 255 octets). */
const longestLine = 4096

async function converse(socket: Socket, options: Pop3Options, timestamp: string): Promise<void> {
  const say = (lines: readonly string[]): void => {
    socket.write(lines.map((line) => line + '\r\n').join(''), 'latin1')
  }
  socket.on('error', () => socket.destroy())
  socket.setTimeout(idleMilliseconds, () => socket.destroy())
  let session = open({ ...options, messages: await readMaildrop(options.maildrop), timestamp })
  say([greeting(session)])
  let arrived = ''
  // Leaving the loop must not destroy the socket: the last reply is still on its way.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const { lines, rest } = cutLines(arrived + (chunk as Buffer).toString('latin1'))
    for (const line of lines) {
      const next = step(session, line)
      session = next.session
      await removeMessages(options.maildrop, removed(session))
      say(next.replies)
      if (session.state === 'update' || session.state === 'over') return void socket.end()
    }
    if (rest.length > longestLine) return void socket.end('-ERR line too long\r\n')
    arrived = rest
  }
  socket.end()
}
