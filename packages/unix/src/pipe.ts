import { SystemError } from './errno.ts'
import { errno, getLibc } from './native.ts'
import { read } from './syscalls.ts'

export interface Pipe {
  read: number
  write: number
}

/** A pipe, not a pair of sockets; both ends are close-on-exec. */
export function makePipe(): Pipe {
  const O_CLOEXEC = 0o2000000
  const ends = [-1, -1]
  if (getLibc().pipe2(ends, O_CLOEXEC) === -1) throw new SystemError('pipe', errno())
  return { read: ends[0]!, write: ends[1]! }
}

/** Reads and throws away until nobody has the other end open any more, or reading fails. Nothing else happens in this process meanwhile. */
export function drainPipe(fd: number): void {
  const buffer = Buffer.alloc(4096)
  try {
    while (read(fd, buffer) > 0);
  } catch {
    // as for the C program, that is the end
  }
}
