import { bytes, closeFile, errnoOf, inDirectory, openDirectory, openFile, writeFile } from '@daemontools-ts/unix'

const ENXIO = 6
const EAGAIN = 11

/** Why the letters did not arrive: svc's sentence, and the system's refusal where the sentence does not say it all. */
export interface Failure {
  what: string
  why?: unknown
}

/**
 * Writes letters into the control FIFO of a service directory, in one write. With no letters, only finds out whether somebody listens.
 * Does not wait for the effect.
 */
export function sendLetters(dir: string, letters: string): Failure | undefined {
  let directory: number
  try {
    directory = openDirectory(dir)
  } catch (why) {
    return { what: `unable to chdir to ${dir}`, why }
  }
  try {
    return writeControl(dir, inDirectory(directory, 'supervise/control'), letters)
  } finally {
    closeFile(directory)
  }
}

function writeControl(dir: string, path: string, letters: string): Failure | undefined {
  let fd: number
  try {
    fd = openFile(path, 'write')
  } catch (why) {
    if (errnoOf(why) === ENXIO) return { what: `unable to control ${dir}: supervise not running` }
    return { what: `unable to control ${dir}`, why }
  }
  try {
    if (letters !== '') writeAll(fd, bytes(letters))
    return undefined
  } catch (why) {
    return { what: `error writing commands to ${dir}`, why }
  } finally {
    closeFile(fd)
  }
}

/** A full FIFO means that supervise is stopped: svc.c blocks until it goes on, and so does this. */
function writeAll(fd: number, packed: Buffer): void {
  for (;;) {
    try {
      writeFile(fd, packed)
      return
    } catch (error) {
      if (errnoOf(error) !== EAGAIN) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}
