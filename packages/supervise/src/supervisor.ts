/** One service: the loop around state.ts. supervise runs one of these, svscan as many as it has services and logs. */
import * as fs from 'node:fs'
import { warn } from '@daemontools-ts/command'
import { defaultPolicy, isLetter, type Letter, type Policy, readPolicy, type Want } from '@daemontools-ts/servicedir'
import {
  bootId,
  type Child,
  type Ending,
  errnoOf,
  type Identity,
  type Launcher,
  type ProcessHandle,
  signalGroup,
  spawnProgram,
  SystemError,
  watchChild,
  watchProcess,
} from '@daemontools-ts/unix'
import { Check } from './check.ts'
import { readTime } from './clock.ts'
import { findByStatus, isRunning } from './evidence.ts'
import { finishArguments } from './finish.ts'
import { Folder, type Held, Refusal } from './folder.ts'
import type { Keeper } from './keeper.ts'
import { Notification } from './notification.ts'
import { type Effect, type Event, type State, statusOf, step } from './state.ts'
import { recordOf, takeUp } from './takeup.ts'
import { words } from './words.ts'

export interface Host {
  launcher: Launcher
  keeper: Keeper
  /** What becomes the service's descriptors 0 and 1; opened for each start and closed after it. Default: ours. */
  openDescriptors?(): Record<number, number>
  /** A supervisor before us was killed, and left this keeper. */
  onOldKeeper(keeper: Identity): void
  /** It has ended for good, of itself, and everything depends on it. */
  onEssentialEnd?(ending: Ending): void
  /** It has left: the service is down, and nothing of the directory is held any more. */
  onLeave(): void
}

/** What a supervisor hands over to the one that it becomes when it executes itself. */
export interface Carried {
  held: Held
  notification?: number
}

const ETIMEDOUT = 110

/** How soon a status that could not be written (a full disk) is tried again. */
const publishRetryMilliseconds = 5000

export class Supervisor {
  readonly #dir: string
  readonly #host: Host
  readonly #folder: Folder
  readonly #check: Check
  readonly #notification: Notification
  #policy: Policy = defaultPolicy
  #complaints = ''
  #state: State
  /** Of run or finish. */
  #process: ProcessHandle | undefined
  #wake: NodeJS.Timeout | undefined
  /** The state has changed, and is to be written when this event has been dealt with. */
  #unpublished = false
  /** Set while what is on disk is behind: it was said, and is tried again in silence. */
  #republish: NodeJS.Timeout | undefined
  #left = false
  /** Its directory answers. While it does not, nothing is read or written there: that would stop all services, not only this one. */
  #reachable = true

  /**
   * Takes hold of a service directory, and takes the service up if it runs, else starts it unless it has a file `down`. Throws Refusal
   * where supervise would die.
   * @param path The service directory. @param dir What messages call it.
   */
  constructor(path: string, dir: string, host: Host, carried?: Carried) {
    this.#dir = dir
    this.#host = host
    this.#folder = new Folder(path, dir, carried?.held)
    try {
      const traces = this.#folder.readTraces()
      if (traces.record?.keeper !== undefined && traces.record.bootId === bootId()) host.onOldKeeper(traces.record.keeper)
      const found = takeUp({ ...traces, bootId: bootId(), isRunning, findByStatus }, this.#folder.wantedUp, readTime())
      this.#state = found.state
      this.#notification = new Notification(this.#folder, host.keeper, () => this.#handle({ type: 'notified' }), carried?.notification)
      this.#check = new Check(host.launcher, this.#folder.directory, (ok) => this.#handle({ type: 'checked', ok }))
      this.#readPolicy()
      let event = found.event
      if (found.process !== undefined) {
        this.#process = watchProcess(found.process, (ending) => this.#ended(ending))
        if (this.#process === undefined) event = { type: 'exited', ending: 'unknown' }
        else if (this.#policy.notificationFd !== undefined && this.#state.phase === 'up') this.#attempt(() => this.#notification.open())
      }
      this.#publish()
      this.#folder.openOk()
      this.#folder.listen((bytes) => this.#obeyAll(bytes.toString('latin1')))
      this.#handle(event ?? { type: 'begin' })
    } catch (error) {
      this.#folder.close()
      throw error
    }
  }

  get want(): Want {
    return this.#state.want
  }

  get dir(): string {
    return this.#dir
  }

  /** Whether what is on disk is the whole truth: then another supervisor could go on from there. */
  get isPublished(): boolean {
    return this.#republish === undefined
  }

  get carried(): Carried {
    return { held: this.#folder.held, ...this.#notification.carried }
  }

  set reachable(reachable: boolean) {
    this.#reachable = reachable
  }

  /** Does what the letter in supervise/control would do. */
  obey(letter: Letter): void {
    this.#handle({ type: 'letter', letter })
  }

  /** Kills what runs: there is no time left. */
  kill(): void {
    this.#handle({ type: 'overdue' })
  }

  /** Writes the state again: the keeper, which is in it, has changed. */
  refresh(): void {
    if (!this.#left) this.#publish()
  }

  #obeyAll(letters: string): void {
    // Thousands of letters may have come at once: the state is written when all are obeyed.
    for (const letter of letters) if (isLetter(letter)) this.#react({ type: 'letter', letter })
    this.#flush()
  }

  #handle(event: Event): void {
    this.#react(event)
    this.#flush()
  }

  /** An error in here is one service's trouble, and must not be another's. */
  #react(event: Event): void {
    if (this.#left) return
    try {
      if (event.type === 'exited' || (event.type === 'letter' && event.letter === 'd')) this.#readPolicy()
      const { state, effects } = step(this.#state, event, readTime(), this.#policy)
      this.#state = state
      for (const effect of effects) this.#perform(effect)
    } catch (error) {
      warn('supervise', words.internal(this.#dir), error)
    }
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'publish':
        this.#unpublished = true
        return
      case 'start':
        return this.#start()
      case 'finish':
        return this.#finish(effect.ending)
      case 'check':
        return this.#policy.check ? this.#check.run() : undefined
      case 'signal':
        this.#process?.signal(effect.signal, this.#policy.killGroup && this.#state.phase === 'up')
        return
      case 'tally':
        this.#attempt(() => this.#folder.tally(this.#state.changed, effect.ending, this.#policy.deathTally))
        return
      case 'wake':
        clearTimeout(this.#wake)
        this.#wake = setTimeout(() => this.#handle({ type: 'tick' }), Math.max(0, Math.ceil(effect.at - readTime().monotonic)))
        return
      case 'final':
        if (this.#policy.essential) this.#host.onEssentialEnd?.(effect.ending)
        return
      case 'leave':
        return this.#leave()
    }
  }

  #flush(): void {
    if (this.#unpublished && !this.#left) this.#publish()
  }

  #publish(leaving = false): void {
    const behind = this.#republish !== undefined
    clearTimeout(this.#republish)
    this.#republish = undefined
    this.#unpublished = false
    if (!this.#reachable) return void (this.#republish = setTimeout(() => this.#publish(), publishRetryMilliseconds))
    const surroundings = { startTime: this.#process?.startTime ?? 0, bootId: bootId(), keeper: this.#host.keeper.identity, leaving }
    try {
      this.#folder.publish(recordOf(this.#state, readTime(), surroundings), statusOf(this.#state))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!behind) warn('supervise', error.what, error.why)
      // C would leave the old status standing until the next change.
      if (!leaving) this.#republish = setTimeout(() => this.#publish(), publishRetryMilliseconds)
    }
  }

  #start(): void {
    this.#readPolicy()
    const started = (pid: number): Event => ({ type: 'started', pid })
    const failed = (error: unknown): void => {
      warn('supervise', words.fork(this.#dir), error)
      this.#react({ type: 'startFailed' })
    }
    if (!this.#reachable) return failed(new SystemError('open', ETIMEDOUT))
    this.#spawn('run', [], this.#policy, started, failed)
  }

  #finish(ending: Ending): void {
    const started = (pid: number): Event => ({ type: 'finishStarted', pid })
    this.#spawn('finish', finishArguments(ending, this.#dir), {}, started, (error) => {
      warn('supervise', words.forkFinish(this.#dir), error)
      this.#react({ type: 'finishFailed' })
    })
  }

  /** It waits at a gate until the disk says that it runs: whoever is killed here leaves either both or neither. */
  #spawn(name: string, args: readonly string[], wish: Partial<Policy>, eventOf: (pid: number) => Event, onFail: (error: unknown) => void): void {
    const message = `supervise: fatal: ${words.start(this.#dir, name)}: `
    const program = { paths: [`./${name}`], args: [`./${name}`, ...args], message, shell: true }
    const { directory } = this.#folder
    let files: Record<number, number> = {}
    let child: Child
    try {
      files = { ...this.#host.openDescriptors?.(), ...this.#openNotification(wish.notificationFd) }
      child = spawnProgram(this.#host.launcher, program, { directory, files, session: wish.killGroup === true, gate: true })
    } catch (error) {
      if (errnoOf(error) === 0) throw error
      return onFail(error)
    } finally {
      for (const fd of Object.values(files)) fs.closeSync(fd)
    }
    this.#process = watchChild(child.pid, (ending) => this.#ended(ending))
    this.#react(eventOf(child.pid))
    this.#flush()
    child.go()
  }

  #openNotification(fd: number | undefined): Record<number, number> {
    if (fd === undefined) return {}
    return this.#attempt(() => this.#notification.openEnd(fd)) ?? {}
  }

  #ended(ending: Ending): void {
    const pid = this.#process?.pid
    this.#process = undefined
    if (pid !== undefined && this.#policy.killGroup && this.#state.phase === 'up') signalGroup(pid, 'SIGKILL')
    this.#handle({ type: 'exited', ending })
  }

  /** What cannot be read leaves the policy as it was. Each complaint is said once, until it changes. */
  #readPolicy(): void {
    if (!this.#reachable) return
    let complaints: string[]
    try {
      const { policy, complaints: found } = readPolicy(this.#folder.readPolicyFiles())
      this.#policy = policy
      complaints = found.map(({ file, expected }) => words.policyFile(this.#dir, file, expected))
      if (complaints.join() !== this.#complaints) for (const complaint of complaints) warn('supervise', complaint)
    } catch (error) {
      complaints = [words.policy(this.#dir)]
      if (complaints.join() !== this.#complaints) warn('supervise', complaints[0]!, error)
    }
    this.#complaints = complaints.join()
  }

  #attempt<T>(call: () => T): T | undefined {
    try {
      return call()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      warn('supervise', error.what, error.why)
      return undefined
    }
  }

  #leave(): void {
    this.#publish(true)
    this.#left = true
    clearTimeout(this.#wake)
    clearTimeout(this.#republish)
    this.#check.stop()
    this.#notification.close()
    this.#folder.close()
    this.#host.onLeave()
  }
}
