import { join } from 'node:path'
import t from 'tap'
import { keepPort, readPort } from '../src/port-file.ts'

t.test('keepPort writes the port down and asks for it again', async (t) => {
  const file = join(t.testdir(), 'port')
  const asked: number[] = []
  const start = async (port: number) => {
    asked.push(port)
    return { port: port || 4711, close: async () => {} }
  }
  t.equal(readPort(file), undefined)
  await keepPort(file, start)
  t.equal(readPort(file), 4711)
  await keepPort(file, start)
  t.same(asked, [0, 4711])
})

t.test('readPort says what is wrong with a file that it cannot read', async (t) => {
  t.throws(() => readPort(t.testdir()), { code: 'EISDIR' })
})
