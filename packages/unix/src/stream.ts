/** Blocking standard input and output for filters. */
import { errnoOf, SystemError } from './errno.ts'
import { bytes } from './files.ts'
import { inherited } from './inherited.ts'
import { read, write } from './syscalls.ts'

const EAGAIN = 11
const EBADF = 9

/** Writes it all to standard output. Throws the system's refusal. */
export function writeOutput(output: string | Uint8Array): void {
  let rest = typeof output === 'string' ? bytes(output) : output
  if (rest.length > 0) mustBeOpen(1)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(1, rest))
    } catch (error) {
      if (errnoOf(error) !== EAGAIN) throw error
      // Somebody made the pipe non-blocking: wait for room rather than lose the rest.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** Reads what is there, at most a buffer full, waiting for the first byte. 0 is the end. */
export function readInput(buffer: Uint8Array): number {
  mustBeOpen(0)
  return read(0, buffer)
}

/** Where a standard descriptor was closed, the runtime has put /dev/null. */
function mustBeOpen(fd: number): void {
  if (!inherited().descriptors.includes(fd)) throw new SystemError('standard stream', EBADF)
}
