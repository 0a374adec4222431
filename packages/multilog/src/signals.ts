import { restoreSignals } from '@daemontools-ts/unix'

/** SIGTERM and SIGALRM, which are obeyed between two reads and nowhere else. */
export class Signals {
  terminated = false
  #alarmed = false
  #heard: () => void = () => undefined

  constructor() {
    process.on('SIGTERM', () => {
      this.terminated = true
      this.#heard()
    })
    process.on('SIGALRM', () => {
      this.#alarmed = true
      this.#heard()
    })
    // A reader of what `e` writes may go away; that is no reason to end.
    restoreSignals(['SIGTERM', 'SIGALRM', 'SIGPIPE', 'SIGXFSZ'])
  }

  /** Whether SIGALRM has come since the last time. */
  takeAlarm(): boolean {
    const alarmed = this.#alarmed
    this.#alarmed = false
    return alarmed
  }

  /** Resolves at the next signal. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve
    })
  }
}
