import { getLibc } from './native.ts'

const POLLIN = 1

/** Whether read(2) would return at once: data, end of file and errors all count. The descriptor's flags are not touched. */
export function isReadable(fd: number): boolean {
  return getLibc().poll([{ fd, events: POLLIN, revents: 0 }], 1, 0) !== 0
}

/**
 * Resolves when read(2) would return at once. The waiting is done by a thread that never reads, so what arrives later
 * stays in the pipe, for the next reader if need be. The open file is shared with other processes (a C logger takes
 * EAGAIN for the end of its input), so it is not made non-blocking.
 */
export function whenReadable(fd: number): Promise<void> {
  return new Promise((resolve) => {
    getLibc().poll.async([{ fd, events: POLLIN, revents: 0 }], 1, -1, () => resolve())
  })
}
