import { warn } from '@daemontools-ts/command'
import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import { type Folder, Refusal } from './folder.ts'

/** How soon a status that could not be written (a full disk) is tried again. */
const retryMilliseconds = 5000

/** Keeps supervise/status and supervise/state.json true. */
export class Publisher {
  readonly #folder: Folder
  readonly #describe: () => { record: StateRecord; status: Status }
  /** Set while what is on disk is behind. */
  #retry: NodeJS.Timeout | undefined
  /** Why it is behind was said: it is tried again in silence. */
  #said = false
  /** The directory does not answer: it is not touched. */
  suspended = false

  /** @param describe What is true now. */
  constructor(folder: Folder, describe: () => { record: StateRecord; status: Status }) {
    this.#folder = folder
    this.#describe = describe
  }

  get isBehind(): boolean {
    return this.#retry !== undefined
  }

  publish(): void {
    this.stop()
    if (this.suspended) return this.#tryAgain()
    try {
      const { record, status } = this.#describe()
      this.#folder.publish(record, status)
      this.#said = false
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!this.#said) warn('supervise', error.what, error.why)
      this.#said = true
      // C would leave the old status standing until the next change.
      this.#tryAgain()
    }
  }

  /** Gives up what could not be written. */
  stop(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => this.publish(), retryMilliseconds)
  }
}
