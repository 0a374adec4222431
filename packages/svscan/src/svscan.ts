/** The service folder: the loop around rescan.ts. One process hosts a Supervisor for each service and each log. */
import { giveUp, warn } from '@daemontools-ts/command'
import { Refusal, Supervisor } from '@daemontools-ts/supervise'
import type { Launcher } from '@daemontools-ts/unix'
import { listServices } from './listing.ts'
import { LogPipe } from './logpipe.ts'
import { type Action, type Listed, type Occasion, rescan } from './rescan.ts'

interface Service {
  key: string
  name: string
  /** Only if it had a log/ when it was first seen. */
  pipe: LogPipe | undefined
  main: Supervisor | undefined
  log: Supervisor | undefined
}

export class ServiceFolder {
  readonly #launcher: Launcher
  readonly #services = new Map<string, Service>()
  /** Called when the last service has left, once stop() was called. */
  #onStopped: (() => void) | undefined

  /** The folder is the working directory. */
  constructor(launcher: Launcher) {
    this.#launcher = launcher
  }

  /** Looks at the folder and does what follows from it. */
  scan(occasion: Occasion): void {
    if (this.#onStopped !== undefined) return
    let listing: Listed[]
    try {
      listing = listServices((key) => this.#services.has(key))
    } catch (error) {
      return warn('svscan', 'unable to read directory', error)
    }
    const known = new Map([...this.#services].map(([key, service]) => [key, describe(service)]))
    for (const action of rescan(known, listing, occasion)) this.#perform(action)
  }

  /**
   * Stops every service as `svc -dx` would, then lets its logger read to the end.
   * @param onStopped Nothing runs any more.
   */
  stop(onStopped: () => void): void {
    if (this.#onStopped !== undefined) return
    this.#onStopped = onStopped
    for (const service of this.#services.values()) {
      service.main?.obey('d')
      service.main?.obey('x')
      this.#advanceStop(service)
    }
    this.#checkStopped()
  }

  #perform(action: Action): void {
    switch (action.do) {
      case 'warn':
        return warn('svscan', action.what, action.why)
      case 'add':
        return this.#add(action.key, action.name, action.hasLog)
      case 'supervise':
        return this.#supervise(action.key)
      case 'superviseLog':
        return this.#superviseLog(action.key)
      case 'drop':
        this.#services.get(action.key)?.pipe?.close()
        this.#services.delete(action.key)
    }
  }

  #add(key: string, name: string, hasLog: boolean): void {
    try {
      const pipe = hasLog ? new LogPipe(name) : undefined
      this.#services.set(key, { key, name, pipe, main: undefined, log: undefined })
    } catch (error) {
      warn('svscan', `unable to create pipe for ${name}`, error)
    }
  }

  #supervise(key: string): void {
    const service = this.#services.get(key)
    if (service === undefined) return // it could not be added
    const { name, pipe } = service
    service.main = this.#start(name, name, pipe && (() => ({ stdout: pipe.openWriteEnd() })), () => {
      service.main = undefined
      this.#advanceStop(service)
    })
  }

  #superviseLog(key: string): void {
    const service = this.#services.get(key)
    if (service?.pipe === undefined) return
    const { name, pipe } = service
    service.log = this.#start(pipe.logDirectory, `${name}/log`, () => ({ stdin: pipe.openReadEnd() }), () => {
      service.log = undefined
      this.#checkStopped()
    })
  }

  /** A supervisor, or undefined after saying why not: the next look tries again. */
  #start(
    path: string,
    dir: string,
    openDescriptors: (() => { stdin?: number; stdout?: number }) | undefined,
    onLeave: () => void,
  ): Supervisor | undefined {
    try {
      return new Supervisor(path, dir, { launcher: this.#launcher, ...(openDescriptors && { openDescriptors }), onLeave })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // C's supervise, a process of its own, would die of it with these words.
      giveUp('supervise', error.what, error.why)
      return undefined
    }
  }

  /** When the service is gone, its logger may see the end of its input, and is not started again after it. */
  #advanceStop(service: Service): void {
    if (this.#onStopped === undefined || service.main !== undefined) return
    // Between two runs of a logger the pipe may be full: it runs once more, to the end.
    if (service.log?.want === 'up') service.log.obey('o')
    service.log?.obey('x')
    service.pipe?.close()
    service.pipe = undefined
    this.#checkStopped()
  }

  #checkStopped(): void {
    if (this.#onStopped === undefined) return
    for (const { main, log } of this.#services.values()) if (main !== undefined || log !== undefined) return
    this.#onStopped()
  }
}

function describe({ key, name, pipe, main, log }: Service) {
  return { key, name, hasLog: pipe !== undefined, mainRunning: main !== undefined, logRunning: log !== undefined }
}
