import * as fs from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '@daemontools-ts/unix'
import t from 'tap'
import { Pipe } from '../src/pipe.ts'
import { countDescriptors, makeFolder } from './scratch.ts'

function read(fd: number, most = 100): string {
  const buffer = Buffer.alloc(most)
  return buffer.toString('latin1', 0, fs.readSync(fd, buffer))
}

t.test('Pipe: a FIFO, which is made if it is not there', async (t) => {
  const path = join(makeFolder(t), 'log')
  const pipe = new Pipe(() => path)
  t.equal(fs.statSync(path).mode.toString(8), '10600')
  const again = new Pipe(() => path)
  t.equal(fs.fstatSync(again.fd).ino, fs.fstatSync(pipe.fd).ino)
  again.close()
  pipe.close()
})

t.test('Pipe: something else of that name is refused, and nothing stays open', async (t) => {
  const folder = makeFolder(t)
  fs.mkdirSync(join(folder, 'supervise'))
  const path = join(folder, 'supervise/log')
  const before = countDescriptors()
  fs.writeFileSync(path, 'x')
  t.throws(() => new Pipe(() => path), new Error('supervise/log is not a FIFO'))
  t.equal(fs.readFileSync(path, 'latin1'), 'x')
  let errno = 0
  try {
    new Pipe(() => join(folder, 'none/log'))
  } catch (error) {
    errno = errnoOf(error)
  }
  t.equal(errno, 2)
  t.equal(countDescriptors(), before)
})

t.test('Pipe: the ends of programs block, and what is in it stays when they are gone', async (t) => {
  const path = join(makeFolder(t), 'log')
  const pipe = new Pipe(() => path)
  const writer = pipe.openWriteEnd()
  const reader = pipe.openReadEnd()
  const { O_NONBLOCK } = fs.constants
  for (const fd of [writer, reader]) t.notOk(parseInt(/^flags:\t(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))![1]!, 8) & O_NONBLOCK)
  fs.writeSync(writer, 'one\ntwo\n')
  fs.closeSync(writer)
  t.equal(read(reader, 4), 'one\n')
  fs.closeSync(reader)
  const next = pipe.openReadEnd()
  t.equal(read(next), 'two\n')
  pipe.close()
  t.equal(read(next), '', 'the end, when the last that could write is gone')
  fs.closeSync(next)
})

t.test('drain: nothing is left, and nobody waits', async (t) => {
  const path = join(makeFolder(t), 'log')
  const pipe = new Pipe(() => path)
  pipe.drain()
  const writer = pipe.openWriteEnd()
  fs.writeSync(writer, Buffer.alloc(65_536))
  pipe.drain()
  fs.writeSync(writer, 'x')
  const reader = pipe.openReadEnd()
  t.equal(read(reader), 'x')
  for (const fd of [writer, reader]) fs.closeSync(fd)
  pipe.close()
})

t.test('Pipe: a descriptor that was carried is used as it is, and the path is asked for at each use', async (t) => {
  const folder = makeFolder(t)
  const first = new Pipe(() => join(folder, 'a'))
  fs.renameSync(join(folder, 'a'), join(folder, 'b'))
  let name = 'a'
  const carried = new Pipe(() => join(folder, name), first.fd)
  t.equal(carried.fd, first.fd)
  name = 'b'
  const reader = carried.openReadEnd()
  t.equal(fs.fstatSync(reader).ino, fs.fstatSync(first.fd).ino)
  fs.closeSync(reader)
  carried.close()
})
