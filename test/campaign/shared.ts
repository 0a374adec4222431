/** What test/fixtures/sole.c and write-lines.c tell, in memory that outlives them. */
import * as fs from 'node:fs'

/** 32-bit words in a file. Behind its end there are zeros. */
class Words {
  readonly #fd: number

  constructor(file: string) {
    this.#fd = fs.openSync(file, 'w+')
  }

  read(from: number, count: number): number[] {
    const words = new Uint32Array(count)
    fs.readSync(this.#fd, words, 0, words.byteLength, from * words.BYTES_PER_ELEMENT)
    return [...words]
  }

  close(): void {
    fs.closeSync(this.#fd)
  }
}

/** Of sole.c. */
export class Starts {
  readonly #words: Words

  constructor(file: string) {
    this.#words = new Words(file)
  }

  /** How often it was started, and how often there was another already. */
  count(): { starts: number; twins: number } {
    const [starts, twins] = this.#words.read(0, 2)
    return { starts: starts!, twins: twins! }
  }

  /** The pid of each start. */
  pids(): number[] {
    return this.#words.read(2, this.count().starts)
  }

  close(): void {
    this.#words.close()
  }
}

/** Of write-lines.c. */
export class Written {
  readonly #words: Words

  constructor(file: string) {
    this.#words = new Words(file)
  }

  /** `failure`: errno of a write, or 0. */
  head(): { runs: number; signals: number; failure: number } {
    const [runs, signals, failure] = this.#words.read(0, 3)
    return { runs: runs!, signals: signals!, failure: failure! }
  }

  /** The newest run: who, and how many of its writes have returned. */
  last(): { run: number; pid: number; count: number } {
    const { runs } = this.head()
    const [pid = 0, count = 0] = runs === 0 ? [] : this.#words.read(4 + 2 * (runs - 1), 2)
    return { run: runs, pid, count }
  }

  /** How many writes of each run have returned. */
  counts(): number[] {
    return this.#words.read(4, 2 * this.head().runs).filter((_, index) => index % 2 === 1)
  }

  close(): void {
    this.#words.close()
  }
}
