import * as fs from 'node:fs'
import { makeFifo, openFile } from '@daemontools-ts/unix'

/**
 * A FIFO that is used as a pipe between programs. Both its ends are held in one descriptor, so that no program sees the other's death and
 * what is in it stays. Programs get an end of their own, opened as pipe(2) would have made it.
 */
export class Pipe {
  /** Both ends. */
  readonly fd: number
  readonly #path: () => string

  /**
   * @param path Where it is, or shall be made; asked for at each use, since descriptors may be in it. @param carried What was held already.
   * Throws the system's refusal, or an error if something else has that name.
   */
  constructor(path: () => string, carried?: number) {
    this.#path = path
    this.fd = carried ?? holdFifo(path())
  }

  openReadEnd(): number {
    return openFile(this.#path(), 'blockingRead')
  }

  openWriteEnd(): number {
    return openFile(this.#path(), 'blockingWrite')
  }

  /** Throws away what is in it. */
  drain(): void {
    const buffer = Buffer.alloc(65536)
    try {
      while (fs.readSync(this.fd, buffer) > 0);
    } catch {
      // EAGAIN: it is empty
    }
  }

  /** The reader sees the end of its input when the last program that writes is gone. */
  close(): void {
    fs.closeSync(this.fd)
  }
}

function holdFifo(path: string): number {
  try {
    makeFifo(path, 0o600)
  } catch {
    // it is there from last time, or opening it will tell
  }
  const fd = openFile(path, 'both')
  if (fs.fstatSync(fd).isFIFO()) return fd
  fs.closeSync(fd)
  throw new Error(`${path.slice(path.lastIndexOf('supervise/'))} is not a FIFO`)
}
