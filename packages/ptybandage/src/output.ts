import * as fs from 'node:fs'
import { errnoOf, inherited, SystemError } from '@daemontools-ts/unix'

/** While somebody has made our standard output non-blocking and it is full. */
const retryMilliseconds = 10

/** Writes it all to standard output, on a thread: signals are heard while nobody reads. Throws the system's refusal. */
export async function writeSlowly(piece: Uint8Array): Promise<void> {
  const EAGAIN = 11
  const EBADF = 9
  // Where it was closed, the runtime has put /dev/null.
  if (!inherited().descriptors.includes(1)) throw new SystemError('standard output', EBADF)
  let rest = piece
  while (rest.length > 0) {
    try {
      rest = rest.subarray(await writeSome(rest))
    } catch (error) {
      if (errnoOf(error) !== EAGAIN) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMilliseconds))
    }
  }
}

function writeSome(piece: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => fs.write(1, piece, (error, written) => (error === null ? resolve(written) : reject(error))))
}
