/** A pipe with a name, to feed a logger with, and to see what it has left. */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { isReadable, makeFifo } from '@daemontools-ts/unix'
import { until } from './programs.ts'

export class Feed {
  /** For the logger's standard input. */
  readonly reading: number
  /** Both ends, so that there is neither EOF nor EPIPE; not blocking. */
  readonly #both: number

  constructor(path: string) {
    makeFifo(path, 0o600)
    this.#both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    this.reading = openSync(path, constants.O_RDONLY)
  }

  /** Puts all of it into the pipe, waiting for room. */
  async write(text: string): Promise<void> {
    for (let rest = Buffer.from(text, 'latin1'); rest.length > 0; ) {
      let length = 0
      await until('room in the pipe', () => (length = this.writeSome(rest)) > 0)
      rest = rest.subarray(length)
    }
  }

  /** As much as there is room for. */
  writeSome(text: Buffer): number {
    try {
      return writeSync(this.#both, text)
    } catch {
      return 0
    }
  }

  /** Has the logger read everything? */
  get drained(): boolean {
    return !isReadable(this.#both)
  }

  /** What nobody has read. */
  rest(): string {
    const buffer = Buffer.alloc(1 << 20)
    let text = ''
    while (!this.drained) text += buffer.toString('latin1', 0, readSync(this.#both, buffer))
    return text
  }

  close(): void {
    closeSync(this.#both)
    closeSync(this.reading)
  }
}
