import { createServer, type Server } from 'node:net'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { askListener, cutReplies } from '../../src/doctor/listener.ts'

t.test('cutReplies cuts the same at every split', async () => {
  const text = '220-mx\r\n220 hello\r\n250-a\r\n250-b\n250 c\r\n550 5.1.1 no\r\nrest'
  fc.assert(fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (places) => {
    const cuts = [0, ...places.sort((a, b) => a - b), text.length]
    let [replies, rest]: [string[], string] = [[], '']
    for (const [index, end] of cuts.slice(1).entries()) {
      const cut = cutReplies(rest + text.slice(cuts[index], end))
      replies = [...replies, ...cut.replies]
      rest = cut.rest
    }
    return replies.join('|') === '220 hello|250 c|550 5.1.1 no' && rest === 'rest'
  }))
})

t.test('askListener asks for each recipient, and sends nothing', async (t) => {
  const heard: string[] = []
  const name = await serve(t, (line) => {
    heard.push(line)
    return line.includes('nobody') ? '550 no\r\n' : line.startsWith('EHLO') ? '250-mx\r\n250 SIZE\r\n' : '250 ok\r\n'
  }, '220 mx\r\n')
  const { refusal, answers } = await askListener(name, ['alice@example.com', 'nobody@example.com'], 5)
  t.equal(refusal, undefined)
  t.same([...answers], [['alice@example.com', '250 ok'], ['nobody@example.com', '550 no']])
  t.same(heard.slice(1), ['MAIL FROM:<>', 'RCPT TO:<alice@example.com>', 'RCPT TO:<nobody@example.com>', 'RSET', 'QUIT'])
})

t.test('askListener says why there is no answer', async (t) => {
  const gone = await serve(t, () => '', '', (server) => server.close())
  t.match(await askListener(gone, [], 5), { refusal: 'connection refused' })
  t.match(await askListener(await serve(t, () => '', '554 go away\r\n'), [], 5), { refusal: '554 go away' })
  t.match(await askListener(await serve(t, () => '', ''), ['a@b'], 1), { refusal: 'no answer for 1 seconds' })
})

/** A mail server, by its answer to each line. */
async function serve(t: Test, answer: (line: string) => string, greeting: string, then: (server: Server) => void = () => {}): Promise<string> {
  const server = createServer((socket) => {
    socket.write(greeting)
    socket.on('error', () => {}).setEncoding('latin1').on('data', (data: string) => {
      for (const line of data.split('\r\n').slice(0, -1)) socket.write(answer(line))
    })
    t.teardown(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  t.teardown(() => void server.close())
  then(server)
  return `127.0.0.1/${port}`
}
