// Not tested: ten minutes of silence.
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test as TapTest } from 'tap'
import { apopDigest } from '../src/pop3.ts'
import { startPop3 } from '../src/pop3-server.ts'

async function visit(t: TapTest, maildrop: string): Promise<{ socket: Socket; timestamp: string }> {
  const { port, close } = await startPop3({ maildrop, user: 'example', secret: 'woolybooly', port: 0 })
  t.teardown(close)
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const [greeting] = await once(socket, 'data')
  return { socket, timestamp: /<.*>/.exec(String(greeting))?.[0] ?? '' }
}

/** All that comes until the server ends it. */
async function rest(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  return Buffer.concat(chunks).toString('latin1')
}

t.test('a whole conversation in one write: the message comes as it was written, and QUIT removes it', async (t) => {
  const maildrop = t.testdir({ a: 'Subject: a\n\n.\n', b: 'Subject: b\n\n' })
  const { socket, timestamp } = await visit(t, maildrop)
  socket.write(`APOP example ${apopDigest(timestamp, 'woolybooly')}\r\nRETR 1\r\nDELE 1\r\nQUIT\r\nNOOP\r\n`)
  t.equal(await rest(socket), '+OK 2 messages\r\n+OK 17 octets\r\nSubject: a\r\n\r\n..\r\n.\r\n+OK\r\n+OK\r\n')
  t.same(readdirSync(maildrop), ['b'])
})

t.test('a client that goes away without QUIT has removed nothing', async (t) => {
  const maildrop = t.testdir({ a: 'Subject: a\n\n' })
  const { socket, timestamp } = await visit(t, maildrop)
  socket.write(`APOP example ${apopDigest(timestamp, 'woolybooly')}\r\nDELE 1\r\n`)
  await once(socket, 'data')
  socket.end()
  await once(socket, 'close')
  t.same(readdirSync(maildrop), ['a'])
})

t.test('the timestamps of two conversations differ', async (t) => {
  const maildrop = t.testdir()
  t.not((await visit(t, maildrop)).timestamp, (await visit(t, maildrop)).timestamp)
})

t.test('a line without end is not read for ever', async (t) => {
  const { socket } = await visit(t, t.testdir())
  socket.write('x'.repeat(5000))
  t.equal(await rest(socket), '-ERR line too long\r\n')
})

t.test('a maildrop that cannot be read ends the conversation, not the server', async (t) => {
  const maildrop = t.testdir({ bad: {} })
  const { port, close } = await startPop3({ maildrop, user: 'example', secret: 'x', port: 0 })
  t.teardown(close)
  const refused = connect(port, '127.0.0.1')
  refused.resume()
  await once(refused, 'close')
  writeFileSync(join(t.testdir({}), 'a'), '')
  const socket = connect(port, '127.0.0.1')
  t.match(String((await once(socket, 'data'))[0]), '+OK POP3 <')
  socket.destroy()
})
