/** One service: the loop around state.ts. supervise runs one of these, svscan as many as it has services and logs. */
import * as fs from 'node:fs'
import { warn } from '@daemontools-ts/command'
import { isLetter, type Letter, type Want } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import { errnoOf, type Launcher, now, spawnProgram } from '@daemontools-ts/unix'
import { type Folder, openFolder, Refusal } from './folder.ts'
import { type Effect, type Event, initialState, type State, statusOf, step, type Time } from './state.ts'
import { words } from './words.ts'

export interface Host {
  launcher: Launcher
  /** What becomes the service's descriptors 0 and 1; opened for each start and closed after it. Default: ours. */
  openDescriptors?(): { stdin?: number; stdout?: number }
  /** It has left: the service is down, and nothing of the directory is held any more. */
  onLeave(): void
}

/** How soon a status that could not be written (a full disk) is tried again. */
const publishRetryMilliseconds = 5000

export class Supervisor {
  readonly #dir: string
  readonly #host: Host
  readonly #folder: Folder
  #state: State
  #wake: NodeJS.Timeout | undefined
  /** Set while the status on disk is behind: it was said, and is tried again in silence. */
  #republish: NodeJS.Timeout | undefined
  #left = false

  /**
   * Takes hold of a service directory and starts the service unless it has a file `down`. Throws Refusal where supervise would die.
   * @param path The service directory. @param dir What messages call it.
   */
  constructor(path: string, dir: string, host: Host) {
    this.#dir = dir
    this.#host = host
    this.#folder = openFolder(path, dir)
    try {
      this.#state = initialState(this.#folder.wantedUp ? 'up' : 'down', readTime())
      this.#publish()
      this.#folder.openOk()
    } catch (error) {
      this.#folder.close()
      throw error
    }
    this.#folder.listen((bytes) => {
      for (const letter of bytes.toString('latin1')) if (isLetter(letter)) this.obey(letter)
    })
    this.#handle({ type: 'begin' })
  }

  get want(): Want {
    return this.#state.want
  }

  /** Does what the letter in supervise/control would do. */
  obey(letter: Letter): void {
    this.#handle({ type: 'letter', letter })
  }

  #handle(event: Event): void {
    if (this.#left) return
    const { state, effects } = step(this.#state, event, readTime())
    this.#state = state
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'publish':
        return this.#publish()
      case 'start':
        return this.#start()
      case 'signal':
        return sendSignal(this.#state.pid, effect.signal)
      case 'wake':
        clearTimeout(this.#wake)
        this.#wake = setTimeout(() => this.#handle({ type: 'tick' }), Math.max(0, Math.ceil(effect.at - performance.now())))
        return
      case 'leave':
        return this.#leave()
    }
  }

  #publish(): void {
    const behind = this.#republish !== undefined
    clearTimeout(this.#republish)
    this.#republish = undefined
    try {
      this.#folder.publish(statusOf(this.#state))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!behind) warn('supervise', error.what, error.why)
      // C would leave the old status standing until the next change.
      this.#republish = setTimeout(() => this.#publish(), publishRetryMilliseconds)
    }
  }

  #start(): void {
    const program = { paths: ['./run'], args: ['./run'], message: `supervise: fatal: ${words.start(this.#dir)}: `, shell: true }
    const failed = (error: unknown): void => {
      warn('supervise', words.fork(this.#dir), error)
      this.#handle({ type: 'startFailed' })
    }
    let opened: { stdin?: number; stdout?: number } = {}
    let pid: number | undefined
    try {
      opened = this.#host.openDescriptors?.() ?? {}
      pid = spawnProgram(this.#host.launcher, program, {
        ...opened,
        directory: this.#folder.directory,
        onExit: () => this.#handle({ type: 'exited' }),
        onFail: failed,
      })
    } catch (error) {
      return failed(error)
    } finally {
      for (const fd of Object.values(opened)) fs.closeSync(fd)
    }
    if (pid !== undefined) this.#handle({ type: 'started', pid })
  }

  #leave(): void {
    this.#left = true
    clearTimeout(this.#wake)
    clearTimeout(this.#republish)
    this.#folder.close()
    this.#host.onLeave()
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It is our child and not reaped, so the pid is its own; but a setuid program may be out of our reach.
    if (errnoOf(error) === 0) throw error
  }
}

function readTime(): Time {
  const { seconds, nanoseconds } = now()
  return { label: fromUnix(seconds, nanoseconds), monotonic: performance.now() }
}
