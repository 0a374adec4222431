import { constants } from 'node:os'
import { inherited } from '@daemontools-ts/unix'

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
    leaveOthers()
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

/** Undoes what the runtime has done to other signals: it ends the ignoring that we inherited, and takes SIGUSR1 for its debugger. */
function leaveOthers(): void {
  const listener = (): void => undefined
  for (const name of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const) {
    process.on(name, listener)
    const ignored = (inherited().ignoredSignals >> BigInt(constants.signals[name] - 1)) & 1n
    // libuv gives a signal its default action when the last listener has gone
    if (!ignored) process.off(name, listener)
  }
}
