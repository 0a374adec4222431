/** Descriptors that the event loop cannot wait for, of processes for instance: one wait is for all of them. */
import { awaitEvents } from './epollwait.ts'
import { SystemError } from './errno.ts'
import { bindFunctions, errno } from './native.ts'

/** By a number that is used once: an event may still be on its way when its descriptor is another's. */
const callbacks = new Map<number, () => void>()
let last = 0
let epoll: number | undefined
/** struct epoll_event is packed on x86-64 only. */
const [eventSize, dataOffset] = process.arch === 'x64' ? [12, 4] : [16, 8]
const eventsAtOnce = 64

/** Calls back once, when the descriptor is readable. Returns what prevents that. The caller may close it after either, not before. */
export function onceReadable(fd: number, callback: () => void): () => void {
  const EPOLL_CTL_DEL = 2
  const EPOLL_CLOEXEC = 0o2000000
  const [EPOLL_CTL_ADD, EPOLL_CTL_MOD] = [1, 3]
  const EEXIST = 17
  const EPOLLIN = 1
  const EPOLLONESHOT = 1 << 30
  const { epoll_create1, epoll_ctl } = getCalls()
  if (epoll === undefined) {
    const created = epoll_create1(EPOLL_CLOEXEC)
    if (created === -1) throw new SystemError('epoll_create1', errno())
    epoll = created
    waitForEvents(epoll, Buffer.alloc(eventSize * eventsAtOnce))
  }
  const event = Buffer.alloc(eventSize)
  event.writeUInt32LE(EPOLLIN | EPOLLONESHOT, 0)
  const id = (last = (last + 1) >>> 0)
  event.writeUInt32LE(id, dataOffset)
  const isRefused = (operation: number): boolean => epoll_ctl(epoll!, operation, fd, event) === -1
  // It may be known from an earlier time.
  if (isRefused(EPOLL_CTL_ADD) && (errno() !== EEXIST || isRefused(EPOLL_CTL_MOD))) throw new SystemError('epoll_ctl', errno())
  callbacks.set(id, callback)
  const added = epoll
  return () => {
    callbacks.delete(id)
    epoll_ctl(added, EPOLL_CTL_DEL, fd, null)
  }
}

function waitForEvents(epfd: number, events: Buffer): void {
  awaitEvents(epfd, events, eventsAtOnce, (count) => {
    const ready = Array.from({ length: Math.max(0, count) }, (_, n) => events.readUInt32LE(n * eventSize + dataOffset))
    waitForEvents(epfd, events)
    for (const id of ready) {
      const callback = callbacks.get(id)
      callbacks.delete(id)
      callback?.()
    }
  })
}

interface Calls {
  epoll_create1(flags: number): number
  epoll_ctl(epoll: number, operation: number, fd: number, event: Buffer | null): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    epoll_create1: 'int epoll_create1(int flags)',
    epoll_ctl: 'int epoll_ctl(int epoll, int operation, int fd, void *event)',
  }))
}
