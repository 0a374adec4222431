/** What a fault may change. Whatever is not named here stays as it was. */
import type { Service, Unit } from './service.ts'

export class Expected {
  /** How often a unit is started; of the others, the pid stays. */
  readonly #starts = new Map<Unit, number>()
  /** Units that are down afterwards. */
  readonly #down = new Set<Unit>()
  /** How many holes there may be in a log: one for each time that its logger was killed with -9. */
  readonly #holes = new Map<Service, number>()
  /** Units of which the supervisor has to know how they ended. */
  readonly ends = new Map<Unit, string>()
  /** Besides the tree's services: one that was linked. */
  extra: Service | undefined
  /** The supervisor is another process, or the same one that has executed itself: every service must answer it. */
  supervisorIsNew = false
  /** What the supervisor executed before, by executionOf(): it has to be another. */
  executionBefore: string | undefined
  /** Lines that the supervisor may say this time. */
  words: RegExp[] = []

  starts(unit: Unit, times = 1): void {
    this.#starts.set(unit, (this.#starts.get(unit) ?? 0) + times)
  }

  /** A killed logger: started again, and what it had read is lost. */
  loses(service: Service): void {
    this.starts(service.log)
    this.#holes.set(service, (this.#holes.get(service) ?? 0) + 1)
  }

  isDown(unit: Unit, down: boolean): void {
    if (down) this.#down.add(unit)
    else this.#down.delete(unit)
  }

  startsOf(unit: Unit): number {
    return this.#starts.get(unit) ?? 0
  }

  isUp(unit: Unit): boolean {
    return !this.#down.has(unit)
  }

  /** Takes a hole from those that a log may have. */
  takeHole(service: Service): boolean {
    const left = this.#holes.get(service) ?? 0
    this.#holes.set(service, left - 1)
    return left > 0
  }

  mayBeTorn(service: Service): boolean {
    return this.#holes.has(service)
  }
}
