import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { readDeliveries, startSmtp } from '../src/smtp-sink.ts'

/** Says lines, each after the reply to the one before; the codes of all replies. */
async function say(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  const codes: string[] = []
  for (const line of ['', ...lines]) {
    if (line !== '') socket.write(line + '\r\n')
    let reply = ''
    while (!/^\d{3} .*\r\n$/m.test(reply)) reply += String((await once(socket, 'data'))[0])
    codes.push(reply.slice(0, 3))
  }
  socket.destroy()
  return codes
}

const message = ['EHLO me', 'MAIL FROM:<zoe@remote.example.org>', 'RCPT TO:<alice@example.com>', 'RCPT TO:<bob@example.com>', 'DATA', 'Subject: x\r\n\r\n..\r\nhello\r\n.']

t.test('a message is kept with its envelope, and dots are as they were', async (t) => {
  const folder = t.testdir()
  const { port, close } = await startSmtp({ folder, port: 0 })
  t.teardown(close)
  t.same(await say(port, message), ['220', '250', '250', '250', '250', '354', '250'])
  t.same(await readDeliveries(folder), [{ from: 'zoe@remote.example.org', to: ['alice@example.com', 'bob@example.com'], text: 'Subject: x\n\n.\nhello\n' }])
  await say(port, ['EHLO me', 'MAIL FROM:<>', 'RCPT TO:<alice@example.com>', 'DATA', 'Subject: y\r\n.'])
  t.equal((await readDeliveries(folder))[1]?.from, '')
})

t.test('what cannot be kept is refused for now', async (t) => {
  const folder = t.testdir()
  const { port, close } = await startSmtp({ folder, port: 0 })
  t.teardown(close)
  rmSync(folder, { recursive: true })
  t.equal((await say(port, message)).at(-1), '451')
})
