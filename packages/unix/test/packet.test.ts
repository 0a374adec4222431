import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { errnoOf } from '../src/errno.ts'
import { close as closeFile } from '../src/syscalls.ts'
import { bindFunctions } from '../src/native.ts'
import { acceptPackets, listenForPackets, peerOf, receivePacket, sendPacket } from '../src/packet.ts'

interface Calls {
  connect(fd: number, address: Buffer, length: number): number
  socket(family: number, type: number, protocol: number): number
}

const { connect, socket } = bindFunctions<Calls>({
  connect: 'int connect(int fd, const void *address, unsigned int length)',
  socket: 'int socket(int family, int type, int protocol)',
})

/** The two ends of a connection, over a socket with a name. */
function makePair(t: { teardown(undo: () => void): void }): { near: number; far: number; folder: string } {
  const folder = fs.mkdtempSync(join(tmpdir(), 'packet-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true }))
  const path = join(folder, 'socket')
  const listener = listenForPackets(path)
  t.teardown(() => closeFile(listener))
  if (acceptPackets(listener) !== undefined) throw new Error('nobody is there yet')
  const far = socket(1, 5, 0)
  const address = Buffer.alloc(110)
  address.writeUInt16LE(1, 0)
  address.write(path, 2)
  if (connect(far, address, address.length) !== 0) throw new Error('connect')
  const near = acceptPackets(listener)!
  return { near, far, folder }
}

function refusalOf(act: () => unknown): number {
  try {
    act()
    return 0
  } catch (error) {
    return errnoOf(error)
  }
}

t.test('messages arrive whole and one by one, then the end', async (t) => {
  const { near, far } = makePair(t)
  const buffer = Buffer.alloc(100_000)
  t.equal(receivePacket(near, buffer), undefined, 'nothing yet')
  const long = Buffer.alloc(70_000, 'x')
  t.equal(sendPacket(far, Buffer.from('one')), true)
  t.equal(sendPacket(far, long), true)
  t.strictSame(receivePacket(near, buffer), { length: 3, files: [] })
  t.equal(buffer.toString('latin1', 0, 3), 'one')
  t.strictSame(receivePacket(near, buffer), { length: 70_000, files: [] })
  t.ok(buffer.subarray(0, 70_000).equals(long))
  t.equal(receivePacket(near, buffer), undefined)
  closeFile(far)
  t.strictSame(receivePacket(near, buffer), { length: 0, files: [] })
  t.equal(refusalOf(() => sendPacket(near, Buffer.from('too late'))), 32)
  closeFile(near)
})

t.test('who sends too much is told that there is no room', async (t) => {
  const { near, far } = makePair(t)
  const message = Buffer.alloc(4096)
  let count = 0
  while (sendPacket(near, message)) if (++count > 10_000) throw new Error('it takes everything')
  t.ok(count > 0)
  closeFile(near)
  closeFile(far)
})

t.test('open files are passed on: another descriptor of the same open file, close-on-exec', async (t) => {
  const { near, far, folder } = makePair(t)
  const file = fs.openSync(join(folder, 'file'), 'w+')
  const other = fs.openSync(folder, 'r')
  fs.writeSync(file, 'text')
  sendPacket(far, Buffer.from('H'), [file, other])
  const { files } = receivePacket(near, Buffer.alloc(10))!
  t.equal(files.length, 2)
  t.equal(fs.fstatSync(files[0]!).ino, fs.fstatSync(file).ino)
  fs.writeSync(files[0]!, ' more')
  t.equal(fs.readFileSync(join(folder, 'file'), 'utf8'), 'text more', 'they have one position')
  t.ok(fs.fstatSync(files[1]!).isDirectory())
  const flags = fs.readFileSync(`/proc/self/fdinfo/${files[0]}`, 'utf8')
  t.ok(parseInt(/^flags:\s+(\d+)/m.exec(flags)![1]!, 8) & 0o2000000)
  for (const fd of [...files, file, other, near, far]) closeFile(fd)
})

t.test('the kernel says who has connected', async (t) => {
  const { near, far } = makePair(t)
  t.strictSame(peerOf(near), { pid: process.pid, uid: process.getuid!() })
  closeFile(near)
  closeFile(far)
})

t.test('a name that is taken, or too long, is refused', async (t) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'packet-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true }))
  fs.writeFileSync(join(folder, 'socket'), '')
  t.equal(refusalOf(() => listenForPackets(join(folder, 'socket'))), 98)
  t.throws(() => listenForPackets(join(folder, 'x'.repeat(108))), RangeError)
})
