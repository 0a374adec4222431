/** The service folder: the loop around rescan.ts. One process hosts a Supervisor for each service and each log. */
import { giveUp, reason, warn } from '@daemontools-ts/command'
import { type Carried, type Host, Keeper, Refusal, Supervisor } from '@daemontools-ts/supervise'
import { type Ending, type Launcher } from '@daemontools-ts/unix'
import { Complaints } from './complaints.ts'
import { Listing } from './listing.ts'
import { LogPipe } from './logpipe.ts'
import { Reach } from './reach.ts'
import { type Action, type Listed, type Occasion, rescan } from './rescan.ts'
import { type CarriedService, describe, isSupervised, type Service } from './service.ts'
import { Shutdown } from './shutdown.ts'

/** How much longer than a look the pause after it is, and how long at most: a look that starts a thousand services takes seconds. */
const restFactor = 2
const mostRestMilliseconds = 1000

export class ServiceFolder {
  /** How many looks in a row have found nothing to do. */
  quietLooks = 0
  /** What was found as there was nothing to do. */
  #settled: readonly Listed[] | undefined
  readonly #launcher: Launcher
  readonly #keeper: Keeper
  readonly #listing = new Listing()
  readonly #reach = new Reach()
  readonly #complaints = new Complaints()
  readonly #services = new Map<string, Service>()
  readonly #onEssentialEnd: (ending: Ending) => void
  /** What the next look is for, if there is to be one after this. */
  #next: Occasion | undefined
  /** It is looking, or resting from it. */
  #busy = false
  #shutdown: Shutdown | undefined

  /** The folder is the working directory. @param onEssentialEnd A service on which everything depends has ended for good. */
  constructor(launcher: Launcher, onEssentialEnd: (ending: Ending) => void) {
    this.#launcher = launcher
    this.#onEssentialEnd = onEssentialEnd
    this.#keeper = new Keeper(launcher, () => this.#refresh())
  }

  /** Goes on with the services that were handed over. */
  resume(carried: readonly CarriedService[]): void {
    for (const { key, name, pipe } of carried) {
      const service: Service = { key, name, pipe: pipe && new LogPipe(name, pipe), main: undefined, log: undefined }
      if (service.pipe !== undefined) this.#keeper.hold(service.pipe.pipe.fd)
      this.#services.set(key, service)
    }
    this.#keeper.ensure()
    for (const { key, main, log } of carried) {
      if (main !== undefined) this.#supervise(key, main)
      if (log !== undefined) this.#superviseLog(key, log)
    }
  }

  /** What another svscan needs to go on. Undefined, with a reason, while the disk does not know all of it. */
  handOver(): { carried: CarriedService[] } | { refusal: string } {
    if (this.#shutdown !== undefined) return { refusal: 'it is stopping' }
    const services = [...this.#services.values()]
    const behind = services.flatMap(({ main, log }) => [main, log]).find((supervisor) => supervisor?.isPublished === false)
    if (behind !== undefined) return { refusal: `the state of ${behind.dir} is not on disk` }
    const hanging = services.find(({ name }) => this.#reach.hangs(name))
    if (hanging !== undefined) return { refusal: `${hanging.name} does not answer` }
    const carry = ({ key, name, pipe, main, log }: Service): CarriedService => ({
      ...{ key, name },
      ...(pipe && { pipe: pipe.held }),
      ...(main && { main: main.carried }),
      ...(log && { log: log.carried }),
    })
    return { carried: services.map(carry) }
  }

  /** Looks at the folder and does what follows from it. */
  scan(occasion: Occasion): void {
    if (this.#shutdown !== undefined) return
    if (this.#busy) {
      if (this.#next !== 'asked') this.#next = occasion
      return
    }
    this.#busy = true
    if (occasion === 'asked') this.#complaints.clear()
    const hasLog = (key: string): boolean => this.#services.get(key)?.pipe !== undefined
    const began = performance.now()
    const rested = (): void => {
      this.#busy = false
      const next = this.#next
      this.#next = undefined
      if (next !== undefined) this.scan(next)
    }
    // While links come one after the other, most of the time is left for the services.
    void this.#look(hasLog, occasion).finally(() => setTimeout(rested, Math.min(mostRestMilliseconds, (performance.now() - began) * restFactor)))
  }

  async #look(hasLog: (key: string) => boolean, occasion: Occasion): Promise<void> {
    let listing: Listed[]
    try {
      listing = await this.#listing.look(hasLog)
    } catch (error) {
      return this.#complain('warning', 'svscan', 'unable to read directory', error)
    }
    this.#follow(listing, occasion)
  }

  /**
   * Stops every service as `svc -dx` would, then lets its logger read to the end.
   * @param milliseconds After which what has not ended is killed; 0: never.
   * @param onStopped Nothing runs any more. `killed`: something had to be.
   */
  stop(milliseconds: number, onStopped: (killed: boolean) => void): void {
    if (this.#shutdown !== undefined) return
    // The loggers shall see the end of their input.
    this.#keeper.end()
    this.#shutdown = new Shutdown([...this.#services.values()], milliseconds, onStopped)
  }

  #follow(listing: readonly Listed[], occasion: Occasion): void {
    if (this.#shutdown !== undefined) return
    if (listing === this.#settled && [...this.#services.values()].every(isSupervised)) return void this.quietLooks++
    this.#reach.note(listing)
    this.#noteNames(listing)
    for (const { key, main, log } of this.#services.values()) {
      for (const supervisor of [main, log]) if (supervisor !== undefined) supervisor.mount = this.#reach.mountOf(key)
    }
    const known = new Map([...this.#services].map(([key, service]) => [key, describe(service)]))
    const actions = rescan(known, listing, occasion)
    this.quietLooks = actions.length === 0 ? this.quietLooks + 1 : 0
    // A change is not followed in all that it shows.
    this.#settled = this.quietLooks > 0 && occasion !== 'change' ? listing : undefined
    const isAddition = ({ do: what }: Action): boolean => what === 'add' || what === 'addLog'
    for (const action of actions.filter(isAddition)) this.#perform(action)
    this.#keeper.ensure()
    for (const action of actions.filter((action) => !isAddition(action))) this.#perform(action)
  }

  /** A service whose name is gone, and which has another one, is called that from now on. */
  #noteNames(listing: readonly Listed[]): void {
    const names = new Set(listing.map(({ name }) => name))
    for (const listed of listing) {
      const service = listed.type === 'directory' ? this.#services.get(listed.key) : undefined
      if (service !== undefined && !names.has(service.name)) service.name = listed.name
    }
  }

  #perform(action: Action): void {
    switch (action.do) {
      case 'warn':
        return this.#complain('warning', 'svscan', action.what, action.why)
      case 'add':
        this.#services.set(action.key, { key: action.key, name: action.name, pipe: undefined, main: undefined, log: undefined })
        if (action.hasLog && !this.#addPipe(action.key)) this.#services.delete(action.key)
        return
      case 'addLog':
        if (this.#addPipe(action.key)) warn('svscan', `${this.#services.get(action.key)!.name} has a log now: it is used from its next start on`)
        return
      case 'supervise':
        return this.#supervise(action.key)
      case 'superviseLog':
        return this.#superviseLog(action.key)
      case 'drop':
        this.#drop(action.key)
    }
  }

  #addPipe(key: string): boolean {
    const service = this.#services.get(key)!
    try {
      service.pipe = new LogPipe(service.name)
      this.#keeper.hold(service.pipe.pipe.fd)
      return true
    } catch (error) {
      this.#complain('warning', 'svscan', `unable to create pipe for ${service.name}`, error)
      return false
    }
  }

  #drop(key: string): void {
    const pipe = this.#services.get(key)?.pipe
    if (pipe !== undefined) {
      this.#keeper.release(pipe.pipe.fd)
      pipe.close()
    }
    this.#services.delete(key)
    this.#reach.forget(key)
  }

  #supervise(key: string, carried?: Carried): void {
    const service = this.#services.get(key)
    if (service === undefined) return // it could not be added
    const { name } = service
    // Asked for at each start: it may have got a log meanwhile.
    const openDescriptors = (): Record<number, number> => (service.pipe === undefined ? {} : { 1: service.pipe.pipe.openWriteEnd() })
    service.main = this.#start(name, name, { openDescriptors, mount: this.#reach.mountOf(key), onEssentialEnd: this.#onEssentialEnd }, carried, () => {
      service.main = undefined
      this.#shutdown?.advance(service)
    })
  }

  #superviseLog(key: string, carried?: Carried): void {
    const service = this.#services.get(key)
    if (service?.pipe === undefined) return
    const { name, pipe } = service
    service.log = this.#start(pipe.logDirectory, `${name}/log`, { openDescriptors: () => ({ 0: pipe.pipe.openReadEnd() }), mount: this.#reach.mountOf(key) }, carried, () => {
      service.log = undefined
      this.#shutdown?.advance(service)
    })
  }

  /** A supervisor, or undefined after saying why not: the next look tries again. */
  #start(path: string, dir: string, host: Partial<Host>, carried: Carried | undefined, onLeave: () => void): Supervisor | undefined {
    // Its predecessor may have been told to leave: then it leaves at once.
    let left = false
    const noteLeave = (): void => ((left = true), onLeave())
    try {
      const supervisor = new Supervisor(path, dir, { ...host, launcher: this.#launcher, keeper: this.#keeper, onLeave: noteLeave }, carried)
      return left ? undefined : supervisor
    } catch (error) {
      // C's supervise, a process of its own, would die of it with these words.
      if (error instanceof Refusal) this.#complain('fatal', 'supervise', error.what, error.why)
      else this.#complain('warning', 'svscan', `internal error in ${dir}, going on`, error)
      return undefined
    }
  }

  #refresh(): void {
    for (const { main, log } of this.#services.values()) for (const supervisor of [main, log]) supervisor?.refresh()
  }

  #complain(severity: 'warning' | 'fatal', program: string, what: string, why: unknown): void {
    if (!this.#complaints.isDue(`${what}: ${reason(why)}`, performance.now())) return
    if (severity === 'fatal') giveUp(program, what, why)
    else warn(program, what, why)
  }
}
