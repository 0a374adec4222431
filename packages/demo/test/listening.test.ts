import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import t from 'tap'
import { listen } from '../src/listening.ts'

t.test('listen takes a free port, and close ends what is open', async (t) => {
  const { port, close } = await listen(createServer((socket) => socket.write('hello')), 0)
  const client = connect(port, '127.0.0.1')
  await once(client, 'data')
  await Promise.all([once(client, 'close'), close()])
  const refused = connect(port, '127.0.0.1')
  t.match((await once(refused, 'error'))[0], { code: 'ECONNREFUSED' })
})

t.test('listen says so if the port is taken', async (t) => {
  const { port, close } = await listen(createServer(), 0)
  await t.rejects(listen(createServer(), port), { code: 'EADDRINUSE' })
  await close()
})
