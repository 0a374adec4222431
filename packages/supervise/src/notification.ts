import { warn } from '@daemontools-ts/command'
import { type Arrivals, watchArrivals } from '@daemontools-ts/unix'
import type { Folder } from './folder.ts'
import type { Keeper } from './keeper.ts'
import { Pipe } from './pipe.ts'
import { words } from './words.ts'

/** The FIFO supervise/notify, into which a service writes a newline when it is ready. It is made when a service first asks for it. */
export class Notification {
  readonly #folder: Folder
  readonly #keeper: Keeper
  readonly #onNotified: () => void
  #pipe: Pipe | undefined
  #arrivals: Arrivals | undefined

  constructor(folder: Folder, keeper: Keeper, onNotified: () => void, carried?: number) {
    this.#folder = folder
    this.#keeper = keeper
    this.#onNotified = onNotified
    if (carried !== undefined) this.open(carried)
  }

  get carried(): { notification?: number } {
    return this.#pipe === undefined ? {} : { notification: this.#pipe.fd }
  }

  /** Listens, from now on; says so if that is not possible. */
  open(carried?: number): Pipe | undefined {
    if (this.#pipe !== undefined) return this.#pipe
    try {
      this.#pipe = new Pipe(this.#folder.at('supervise/notify'), carried)
    } catch (error) {
      warn('supervise', words.notify(this.#folder.dir), error)
      return undefined
    }
    this.#keeper.hold(this.#pipe.fd)
    this.#keeper.ensure()
    this.#arrivals = watchArrivals(this.#pipe.fd, (bytes) => void (bytes.includes('\n') && this.#onNotified()))
    return this.#pipe
  }

  /** The service's end, as the descriptor `number`; none if there can be no FIFO. What an earlier run has said is forgotten. */
  openEnd(number: number): Record<number, number> {
    const pipe = this.open()
    pipe?.drain()
    return pipe === undefined ? {} : { [number]: pipe.openWriteEnd() }
  }

  close(): void {
    if (this.#pipe !== undefined) this.#keeper.release(this.#pipe.fd)
    this.#arrivals?.close()
  }
}
