import { warn } from '@daemontools-ts/command'
import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import type { Tai64n } from '@daemontools-ts/tai64'
import type { Ending } from '@daemontools-ts/unix'
import { type Folder, Refusal } from './folder.ts'

/** How soon a status that could not be written (a full disk) is tried again. */
const retryMilliseconds = 5000

/** Keeps supervise/status and supervise/state.json true, and supervise/death_tally. */
export class Publisher {
  readonly #folder: Folder
  readonly #describe: (leaving: boolean) => { record: StateRecord; status: Status }
  readonly #onWritten: () => void
  readonly #publishAgain: () => void
  /** Set while what is on disk is behind. */
  #retry: NodeJS.Timeout | undefined
  /** Why it is behind was said: it is tried again in silence. */
  #said = false
  #saidTally = false
  /** The directory does not answer: it is not touched. */
  suspended = false

  /**
   * @param describe What is true now. `leaving`: nobody will supervise it from now on, by intent.
   * @param onWritten It is on disk. @param retry Publishes again, when it may be done.
   */
  constructor(
    folder: Folder,
    describe: (leaving: boolean) => { record: StateRecord; status: Status },
    onWritten: () => void,
    retry = (): void => this.publish(),
  ) {
    this.#folder = folder
    this.#describe = describe
    this.#onWritten = onWritten
    this.#publishAgain = retry
  }

  get isBehind(): boolean {
    return this.#retry !== undefined
  }

  /** @param onRecorded What needs the record only: the status takes longer, where a rename is flushed to the disk. */
  publish(onRecorded?: () => void): void {
    this.stop()
    if (this.suspended) return this.#tryAgain()
    const { record, status } = this.#describe(false)
    const refusal = refusalOf(() => this.#folder.publish(record, status, onRecorded))
    if (refusal !== undefined && !this.#said) warn('supervise', refusal.what, refusal.why)
    this.#said = refusal !== undefined
    // C would leave the old status standing until the next change.
    if (this.#said) this.#tryAgain()
    else this.#onWritten()
  }

  /** For the last time. */
  conclude(): void {
    this.stop()
    if (this.suspended) return
    const { record, status } = this.#describe(true)
    const refusal = refusalOf(() => this.#folder.publish(record, status))
    if (refusal !== undefined) warn('supervise', refusal.what, refusal.why)
  }

  /** Adds an end to the tally, of at most `most` entries; one that cannot be added is said once, until another can. */
  tally(at: Tai64n, ending: Ending, most: number): void {
    if (this.suspended) return
    const refusal = refusalOf(() => this.#folder.tally(at, ending, most))
    if (refusal !== undefined && !this.#saidTally) warn('supervise', refusal.what, refusal.why)
    this.#saidTally = refusal !== undefined
  }

  /** Gives up what could not be written. */
  stop(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => this.#publishAgain(), retryMilliseconds)
  }
}

function refusalOf(write: () => void): Refusal | undefined {
  try {
    write()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
