/** One service: the loop around state.ts. supervise runs one of these, svscan as many as it has services and logs. */
import { warn } from '@daemontools-ts/command'
import { isLetter, type Letter, type Policy, type Want } from '@daemontools-ts/servicedir'
import { bootId, type Ending, errnoOf, SystemError } from '@daemontools-ts/unix'
import { Check } from './check.ts'
import { readTime } from './clock.ts'
import { findByStatus, isRunning } from './evidence.ts'
import { Folder } from './folder.ts'
import type { Carried, Host } from './host.ts'
import { Notification } from './notification.ts'
import { PolicyFiles } from './policyfiles.ts'
import { Publisher } from './publisher.ts'
import { Runner } from './runner.ts'
import { type Effect, type Event, type State, statusOf, step } from './state.ts'
import { recordOf, takeUp } from './takeup.ts'
import { Turns } from './turns.ts'
import { words } from './words.ts'

const ETIMEDOUT = 110
/** How soon what was to be done is tried again after an error that nobody expected. */
const afterErrorMilliseconds = 5000

export class Supervisor {
  readonly #dir: string
  readonly #host: Host
  readonly #folder: Folder
  readonly #check: Check
  readonly #runner: Runner
  readonly #notification: Notification
  readonly #policyFiles: PolicyFiles
  readonly #publisher: Publisher
  readonly #turns: Turns
  #mount: string | undefined
  #state: State
  #wake: NodeJS.Timeout | undefined
  /** The state has changed, and is to be written when this event has been dealt with. */
  #unpublished = false
  #left = false

  /**
   * Takes hold of a service directory, and takes the service up if it runs, else starts it unless it has a file `down`. Throws Refusal
   * where supervise would die.
   * @param path The service directory. @param dir What messages call it.
   */
  constructor(path: string, dir: string, host: Host, carried?: Carried) {
    this.#dir = dir
    this.#host = host
    this.#folder = new Folder(path, dir, carried?.held)
    let [notification, runner]: [Notification?, Runner?] = []
    try {
      const traces = this.#folder.readTraces()
      if (traces.record?.bootId === bootId()) for (const keeper of traces.record.keepers) host.keeper.succeed(keeper)
      const found = takeUp({ ...traces, bootId: bootId(), isRunning, findByStatus }, this.#folder.wantedUp, readTime())
      this.#state = found.state
      this.#notification = notification = new Notification(this.#folder, host.keeper, () => this.#handle({ type: 'notified' }), carried?.notification)
      this.#runner = runner = new Runner(this.#folder, host, this.#notification, (ending) => this.#handle({ type: 'exited', ending }))
      this.#check = new Check(host.launcher, this.#folder, (ok) => this.#handle({ type: 'checked', ok }))
      this.#policyFiles = new PolicyFiles(this.#folder)
      this.#policyFiles.read()
      this.#publisher = new Publisher(this.#folder, (leaving) => this.#describe(leaving), () => host.keeper.confirm(), () => this.refresh())
      this.#turns = new Turns(() => this.#folder.answers(this.#mount!), (answers) => (this.#publisher.suspended = !answers))
      this.mount = host.mount
      let event = found.event
      const process = found.process ?? found.gone
      if (process !== undefined && !this.#runner.takeUp(process, this.#policy)) event = { type: 'exited', ending: 'unknown' }
      if (this.#policy.notificationFd !== undefined && this.#state.phase === 'up') this.#notification.open()
      this.#publisher.publish()
      this.#folder.openOk()
      this.#folder.listen((bytes) => this.#obeyAll(bytes.toString('latin1')))
      this.#handle(event ?? { type: 'begin' })
    } catch (error) {
      // Whatever may still be told to it: its descriptors are another's by then.
      this.#left = true
      clearTimeout(this.#wake)
      runner?.release()
      notification?.close()
      this.#folder.close()
      throw error
    }
  }

  get want(): Want {
    return this.#state.want
  }

  /** Whether others need it until they have ended: the file `last`, as it is now, or was at the last start if its directory may not answer. */
  isLast(): boolean {
    if (!this.#turns.mayHang) this.#readPolicy()
    return this.#policy.last
  }

  get dir(): string {
    return this.#dir
  }

  /** Whether what is on disk is the whole truth: then another supervisor could go on from there. */
  get isPublished(): boolean {
    return this.#turns.isIdle && !this.#publisher.isBehind
  }

  get carried(): Carried {
    return { held: this.#folder.held, ...this.#notification.carried }
  }

  /**
   * Where its file system is mounted, if that is one that may not answer. While it does not, nothing is read or written there: that would
   * stop all services, not only this one.
   */
  set mount(mount: string | undefined) {
    this.#mount = mount
    this.#turns.mayHang = mount !== undefined
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
    this.#guard(() => this.#left || this.#publisher.publish())
  }

  #obeyAll(letters: string): void {
    // Thousands of letters may have come at once: the state is written when all are obeyed.
    this.#guard(() => {
      for (const letter of letters) if (isLetter(letter)) this.#react({ type: 'letter', letter })
    })
  }

  #handle(event: Event, onRecorded?: () => void): void {
    this.#guard(() => this.#react(event), onRecorded)
  }

  /** An error in here is one service's trouble, and must not be another's. */
  #guard(work: () => void, onRecorded?: () => void): void {
    this.#turns.take(() => {
      try {
        work()
        this.#flush(onRecorded)
      } catch (error) {
        warn('supervise', words.internal(this.#dir), error)
        this.#wakeIn(afterErrorMilliseconds)
      }
    })
  }

  #react(event: Event): void {
    if (this.#left) return
    if (event.type === 'exited' || (event.type === 'letter' && event.letter === 'd')) this.#readPolicy()
    const { state, effects } = step(this.#state, event, readTime(), this.#policy)
    this.#state = state
    for (const effect of effects) this.#perform(effect)
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
        return this.#startCheck()
      case 'signal':
        return this.#runner.signal(effect.signal)
      case 'tally':
        return this.#publisher.tally(this.#state.changed, effect.ending, this.#policy.deathTally)
      case 'wake':
        return this.#wakeIn(effect.at - readTime().monotonic)
      case 'final':
        if (this.#policy.essential) this.#host.onEssentialEnd?.(effect.ending)
        return
      case 'leave':
        return this.#leave()
    }
  }

  #wakeIn(milliseconds: number): void {
    clearTimeout(this.#wake)
    this.#wake = setTimeout(() => this.#handle({ type: 'tick' }), Math.max(0, Math.ceil(milliseconds)))
  }

  #flush(onRecorded?: () => void): void {
    if (!this.#unpublished || this.#left) return
    this.#unpublished = false
    this.#publisher.publish(onRecorded)
  }

  #describe(leaving: boolean) {
    const { identity, predecessors } = this.#host.keeper
    const keepers = [...(identity === undefined ? [] : [identity]), ...predecessors]
    const surroundings = { startTime: this.#runner.startTime, bootId: bootId(), keepers, leaving }
    return { record: recordOf(this.#state, readTime(), surroundings), status: statusOf(this.#state) }
  }

  #start(): void {
    this.#readPolicy()
    const started = (pid: number, go: () => void): void => this.#handle({ type: 'started', pid }, go)
    this.#attemptStart(words.fork(this.#dir), { type: 'startFailed' }, () => this.#runner.run(this.#policy, started))
  }

  #finish(ending: Ending): void {
    const started = (pid: number, go: () => void): void => this.#handle({ type: 'finishStarted', pid }, go)
    this.#attemptStart(words.forkFinish(this.#dir), { type: 'finishFailed' }, () => this.#runner.finish(ending, started))
  }

  #startCheck(): void {
    if (!this.#policy.check) return
    if (this.#publisher.suspended) this.#react({ type: 'checked', ok: false })
    else this.#check.run()
  }

  #attemptStart(what: string, failed: Event, start: () => void): void {
    try {
      if (this.#publisher.suspended) throw new SystemError('open', ETIMEDOUT)
      start()
    } catch (error) {
      if (errnoOf(error) === 0) throw error
      warn('supervise', what, error)
      this.#react(failed)
    }
  }

  /** Looks at the optional files, unless that could take for ever. */
  #readPolicy(): void {
    if (!this.#publisher.suspended) this.#policyFiles.read()
  }

  get #policy(): Policy {
    return this.#policyFiles.policy
  }

  #leave(): void {
    this.#left = true
    clearTimeout(this.#wake)
    this.#publisher.conclude()
    this.#check.stop()
    this.#notification.close()
    this.#folder.close(this.#publisher.suspended)
    this.#host.onLeave()
  }
}
