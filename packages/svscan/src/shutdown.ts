/** The orderly end of all services: each as by `svc -dx`, then its logger, when it has read everything; those that are `last` after all the others. */
import { warn } from '@daemontools-ts/command'
import type { Service } from './service.ts'

/** How long after the deadline loggers still have to read what there is. */
const loggerGraceMilliseconds = 1000

export class Shutdown {
  readonly #services: readonly Service[]
  readonly #milliseconds: number
  readonly #onStopped: (killed: boolean) => void
  /** Those that others need until they have ended; undefined: they were told. */
  #last: ReadonlySet<Service> | undefined
  /** Those that were told that there will be no more input. */
  readonly #closed = new Set<Service>()
  #timer: NodeJS.Timeout | undefined
  #killed = false
  #stopped = false

  /** Begins. @param milliseconds Until the deadline; 0: there is none. @param onStopped Nothing runs any more. */
  constructor(services: readonly Service[], milliseconds: number, onStopped: (killed: boolean) => void) {
    this.#services = services
    this.#milliseconds = milliseconds
    this.#onStopped = onStopped
    if (milliseconds > 0) this.#timer = setTimeout(() => this.#overdue(0), milliseconds)
    // In another turn: who asks for this may have to be told of its end.
    setImmediate(() => {
      const last = new Set(services.filter(({ main }) => main?.isLast() === true))
      this.#last = last
      this.#tell(services.filter((service) => !last.has(service)))
      this.#endIfDone()
    })
  }

  /** One of the service's two has left. */
  advance(service: Service): void {
    this.#endInput(service)
    this.#endIfDone()
  }

  #tell(services: Iterable<Service>): void {
    for (const service of services) {
      service.main?.obey('d')
      service.main?.obey('x')
      this.#endInput(service)
    }
  }

  /** When the service has left, its logger may see the end of its input, and is not started again after it. */
  #endInput(service: Service): void {
    if (service.main !== undefined || this.#closed.has(service)) return
    this.#closed.add(service)
    // Between two runs of a logger the pipe may be full: it runs once more, to the end.
    if (service.log?.want === 'up') service.log.obey('o')
    service.log?.obey('x')
    service.pipe?.close()
    service.pipe = undefined
  }

  #endIfDone(): void {
    const isLeft = ({ main, log }: Service): boolean => main !== undefined || log !== undefined
    const last = this.#last
    if (last !== undefined && !this.#services.some((service) => isLeft(service) && !last.has(service))) {
      this.#last = undefined
      this.#tell(last)
    }
    if (this.#stopped || this.#services.some(isLeft)) return
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#onStopped(this.#killed)
  }

  /** Again each second: what is killed may have a finish, or a stuck disk. */
  #overdue(sinceDeadline: number): void {
    const seconds = this.#milliseconds / 1000
    for (const service of this.#services) {
      if (this.#last?.has(service)) continue
      const { main, log } = service
      const late = main ?? (sinceDeadline >= loggerGraceMilliseconds ? log : undefined)
      if (late === undefined) continue
      const { dir } = late
      if (sinceDeadline <= loggerGraceMilliseconds) warn('svscan', `${dir} has not ended in ${seconds} seconds, killing it`)
      this.#killed = true
      late.kill()
    }
    this.#timer = setTimeout(() => this.#overdue(sinceDeadline + 1000), 1000)
  }
}
