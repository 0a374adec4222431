import * as fs from 'node:fs'
import { makeSuperviseDirectory, Pipe } from '@daemontools-ts/supervise'
import { inDirectory, openDirectory } from '@daemontools-ts/unix'

/** The descriptors of a log pipe, for an svscan that executes itself. */
export interface HeldPipe {
  directory: number
  fifo: number
}

/** The pipe from a service to its logger: the FIFO supervise/log. */
export class LogPipe {
  readonly pipe: Pipe
  readonly #directory: number

  /** @param name The service directory. @param carried What was held already. Throws the system's refusal. */
  constructor(name: string, carried?: HeldPipe) {
    this.#directory = carried?.directory ?? openDirectory(name)
    try {
      if (carried === undefined) makeSuperviseDirectory((file) => inDirectory(this.#directory, file))
      this.pipe = new Pipe(() => inDirectory(this.#directory, 'supervise/log'), carried?.fifo)
    } catch (error) {
      fs.closeSync(this.#directory)
      throw error
    }
  }

  /** The logger's service directory: log/ in the one that is held. */
  get logDirectory(): string {
    return inDirectory(this.#directory, 'log')
  }

  get held(): HeldPipe {
    return { directory: this.#directory, fifo: this.pipe.fd }
  }

  close(): void {
    this.pipe.close()
    fs.closeSync(this.#directory)
  }
}
