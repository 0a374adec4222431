import * as fs from 'node:fs'
import { makeSuperviseDirectory } from '@daemontools-ts/supervise'
import { inDirectory, makeFifo, openDirectory, openFile } from '@daemontools-ts/unix'

/**
 * The pipe from a service to its logger: the FIFO supervise/log. svscan holds both ends in one descriptor, so that neither
 * side sees the other's death and what is in it stays. Programs get an end of their own, opened as pipe(2) would have made it.
 */
export class LogPipe {
  readonly #directory: number
  readonly #held: number

  /** @param name The service directory. Throws the system's refusal. */
  constructor(name: string) {
    this.#directory = openDirectory(name)
    try {
      makeSuperviseDirectory((file) => inDirectory(this.#directory, file))
      this.#held = holdFifo(this.#path)
    } catch (error) {
      fs.closeSync(this.#directory)
      throw error
    }
  }

  /** The logger's service directory: log/ in the one that is held. */
  get logDirectory(): string {
    return inDirectory(this.#directory, 'log')
  }

  get #path(): string {
    return inDirectory(this.#directory, 'supervise/log')
  }

  openReadEnd(): number {
    return openFile(this.#path, 'blockingRead')
  }

  openWriteEnd(): number {
    return openFile(this.#path, 'blockingWrite')
  }

  /** The logger sees the end of its input when the last program that writes to it is gone. */
  close(): void {
    fs.closeSync(this.#held)
    fs.closeSync(this.#directory)
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
  throw new Error('supervise/log is not a FIFO')
}
