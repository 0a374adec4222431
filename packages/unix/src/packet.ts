/** Unix sockets of whole messages (SOCK_SEQPACKET), which carry open files too. Nothing here waits: onceReadable() does. */
import { SystemError } from './errno.ts'
import { bytes } from './files.ts'
import { bindFunctions, errno } from './native.ts'
import { isReadable } from './readable.ts'

const AF_UNIX = 1
const SOCK_SEQPACKET = 5
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_PEERCRED = 17
const SCM_RIGHTS = 1
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
const MSG_CMSG_CLOEXEC = 0x40000000
const [EINTR, EAGAIN, ECONNABORTED, ECONNRESET] = [4, 11, 103, 104]

/** As many as the kernel allows are let wait to be accepted. */
const backlog = 4096
/** Of an address, in bytes: struct sockaddr_un. */
const [pathOffset, addressSize] = [2, 110]
/** Open files that a message may carry, and the memory for them: struct cmsghdr and the numbers. */
const mostFiles = 8
const [controlHeader, numberSize] = [16, 4]

export interface Packet {
  /** The beginning of the buffer that was given; 0 bytes: the other end is closed. */
  length: number
  /** Open files, ours from now on, close-on-exec. */
  files: number[]
}

/** What the kernel knows of who has connected, at that moment. */
export interface Peer {
  pid: number
  uid: number
}

/** Makes a socket of that name, which must not be there, and listens. Throws the system's refusal. */
export function listenForPackets(path: string): number {
  const address = Buffer.alloc(addressSize)
  address.writeUInt16LE(AF_UNIX, 0)
  if (bytes(path).copy(address, pathOffset) >= addressSize - pathOffset) throw new RangeError(`the path of a socket: expected at most 107 bytes, got ${path.length}`)
  const fd = expect('socket', getCalls().socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0))
  expect('bind', getCalls().bind(fd, address, address.length))
  expect('listen', getCalls().listen(fd, backlog))
  return fd
}

/** The next who has connected; undefined if there is none. Throws the system's refusal, EMFILE for instance. */
export function acceptPackets(listener: number): number | undefined {
  // The listener would make us wait: who calls knows that somebody is there, or was.
  if (!isReadable(listener)) return undefined
  const fd = getCalls().accept4(listener, null, null, SOCK_CLOEXEC)
  if (fd >= 0) return fd
  if ([EINTR, EAGAIN, ECONNABORTED].includes(errno())) return undefined
  throw new SystemError('accept', errno())
}

/** The next message, undefined if there is none yet. What is longer than the buffer is cut. */
export function receivePacket(fd: number, buffer: Buffer): Packet | undefined {
  const control = Buffer.alloc(controlHeader + mostFiles * numberSize)
  const header = messageHeader(buffer, buffer.length, control)
  const length = getCalls().recvmsg(fd, header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
  if (length === -1) {
    const why = errno()
    if (why === EINTR || why === EAGAIN) return undefined
    if (why === ECONNRESET) return { length: 0, files: [] }
    throw new SystemError('recvmsg', why)
  }
  const files: number[] = []
  const isRights = header.readBigUInt64LE(40) > 0n && control.readInt32LE(8) === SOL_SOCKET && control.readInt32LE(12) === SCM_RIGHTS
  const end = isRights ? Number(control.readBigUInt64LE(0)) : 0
  for (let at = controlHeader; at + numberSize <= end; at += numberSize) files.push(control.readInt32LE(at))
  return { length, files }
}

/** Sends a message. False: there is no room for it now. Throws what else the system refuses, EPIPE if the other end is closed. */
export function sendPacket(fd: number, message: Buffer, files: readonly number[] = []): boolean {
  const control = Buffer.alloc(files.length === 0 ? 0 : Math.ceil((controlHeader + files.length * numberSize) / 8) * 8)
  if (files.length > 0) {
    control.writeBigUInt64LE(BigInt(controlHeader + files.length * numberSize), 0)
    control.writeInt32LE(SOL_SOCKET, 8)
    control.writeInt32LE(SCM_RIGHTS, 12)
    files.forEach((file, index) => control.writeInt32LE(file, controlHeader + index * numberSize))
  }
  const header = messageHeader(message, message.length, control)
  for (;;) {
    if (getCalls().sendmsg(fd, header, MSG_DONTWAIT | MSG_NOSIGNAL) !== -1) return true
    const why = errno()
    if (why === EAGAIN) return false
    if (why !== EINTR) throw new SystemError('sendmsg', why)
  }
}

/** Who has connected. */
export function peerOf(fd: number): Peer {
  const credentials = Buffer.alloc(12)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(credentials.length)
  expect('getsockopt', getCalls().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length))
  return { pid: credentials.readInt32LE(0), uid: credentials.readUInt32LE(4) }
}

/** The memory of the headers that are in use: a number in one does not keep alive what it points to. */
const reachable = new WeakMap<Buffer, readonly Buffer[]>()

/** struct msghdr, and the one struct iovec that it points to, on 64 bits. */
function messageHeader(text: Buffer, length: number, control: Buffer): Buffer {
  const [headerSize, vectorSize] = [56, 16]
  const header = Buffer.alloc(headerSize)
  const vector = Buffer.alloc(vectorSize)
  vector.writeBigUInt64LE(addressOf(text), 0)
  vector.writeBigUInt64LE(BigInt(length), 8)
  header.writeBigUInt64LE(addressOf(vector), 16)
  header.writeBigUInt64LE(1n, 24)
  if (control.length > 0) {
    header.writeBigUInt64LE(addressOf(control), 32)
    header.writeBigUInt64LE(BigInt(control.length), 40)
  }
  reachable.set(header, [vector, text, control])
  return header
}

/** Where the bytes lie: memmove(3) returns it, whichever runtime calls it. */
function addressOf(memory: Buffer): bigint {
  return BigInt(getCalls().memmove(memory, memory, 0))
}

function expect(call: string, result: number): number {
  if (result === -1) throw new SystemError(call, errno())
  return result
}

interface Calls {
  accept4(listener: number, address: null, length: null, flags: number): number
  bind(fd: number, address: Buffer, length: number): number
  getsockopt(fd: number, level: number, option: number, value: Buffer, length: Buffer): number
  listen(fd: number, backlog: number): number
  memmove(to: Buffer, from: Buffer, count: number): number | bigint
  recvmsg(fd: number, header: Buffer, flags: number): number
  sendmsg(fd: number, header: Buffer, flags: number): number
  socket(family: number, type: number, protocol: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    accept4: 'int accept4(int listener, void *address, void *length, int flags)',
    bind: 'int bind(int fd, const void *address, unsigned int length)',
    getsockopt: 'int getsockopt(int fd, int level, int option, void *value, void *length)',
    listen: 'int listen(int fd, int backlog)',
    memmove: 'unsigned long memmove(void *to, const void *from, unsigned long count)',
    recvmsg: 'long recvmsg(int fd, void *header, int flags)',
    sendmsg: 'long sendmsg(int fd, const void *header, int flags)',
    socket: 'int socket(int family, int type, int protocol)',
  }))
}
