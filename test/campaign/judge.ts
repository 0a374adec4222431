/** What is seen in a tree after a fault, held against what was seen before it. */
import { openSync, closeSync, constants } from 'node:fs'
import { join } from 'node:path'
import { descriptorsOf, executionOf, type Found } from './census.ts'
import type { Expected } from './expected.ts'
import type { Position } from './lines.ts'
import type { Service, Unit } from './service.ts'
import type { Tree } from './tree.ts'
import type { Violation } from './violation.ts'
import type { Words } from './words.ts'

/** A settled tree: what the next fault is measured by. */
export interface Snapshot {
  pids: ReadonlyMap<Unit, number>
  starts: ReadonlyMap<Unit, { starts: number; twins: number }>
}

export class Judge {
  readonly #tree: Tree
  readonly #before: Snapshot
  readonly #expected: Expected
  readonly #words: Words
  readonly #descriptors: ReadonlyMap<string, number> | undefined
  /** How far each log has to be, once its unit is as it shall be. */
  #due: Map<Service, Position> | undefined

  /** @param descriptors Of the first supervisor when it had settled; undefined while that is now. */
  constructor(tree: Tree, before: Snapshot, expected: Expected, words: Words, descriptors: ReadonlyMap<string, number> | undefined) {
    this.#tree = tree
    this.#before = before
    this.#expected = expected
    this.#words = words
    this.#descriptors = descriptors
  }

  /** What no time can heal. */
  violations(found: readonly Found[]): Violation[] {
    return [...this.#copies(found), ...this.#astray(found), ...this.#lines(), ...this.#said()]
  }

  /** What is not yet as it shall be; empty when the tree has settled. The costly questions come last, and only if nothing else is open. */
  lacking(found: readonly Found[]): Violation[] {
    const lacks = [...this.#supervisor(), ...this.#services.flatMap(({ units }) => units).flatMap((unit) => this.#unit(unit, found))]
    if (lacks.length > 0) return lacks
    const late = this.#late()
    return late.length > 0 ? late : [...this.#strays(found), ...this.#descriptorsLeft()]
  }

  get #services(): Service[] {
    return [...this.#tree.services, ...(this.#expected.extra === undefined ? [] : [this.#expected.extra])]
  }

  #copies(found: readonly Found[]): Violation[] {
    const seen = new Map<string, Found>()
    const violations: Violation[] = []
    for (const one of found) {
      const name = one.role === 'keeper' ? 'keeper' : one.unit
      if (name === undefined || one.state === 'Z') continue
      const other = seen.get(name)
      // keepers change places: they are looked at when all has settled
      if (other !== undefined && one.role !== 'keeper') violations.push({ invariant: 'copies', unit: name, text: `pids ${other.pid} and ${one.pid} at the same time` })
      seen.set(name, one)
    }
    for (const { units } of this.#services) {
      for (const unit of units) {
        const { starts, twins } = unit.starts.count()
        const before = this.#startsBefore(unit)
        const most = this.#expected.startsOf(unit)
        if (twins > before.twins) violations.push({ invariant: 'copies', unit: unit.name, text: `started while another one was alive: pids ${unit.starts.pids().slice(-3).join(', ')}` })
        else if (starts - before.starts > most) violations.push({ invariant: most === 0 ? 'pids' : 'copies', unit: unit.name, text: `started ${starts - before.starts} times where ${most} were due` })
      }
    }
    return violations
  }

  /** Who was not hit and is not there any more. */
  #astray(found: readonly Found[]): Violation[] {
    const living = new Set(found.filter(({ state }) => state !== 'Z').map(({ pid }) => pid))
    return [...this.#before.pids].flatMap(([unit, pid]): Violation[] => {
      if (this.#expected.startsOf(unit) > 0 || !this.#expected.isUp(unit) || living.has(pid)) return []
      return [{ invariant: 'pids', unit: unit.name, text: `pid ${pid} was not hit, and is gone` }]
    })
  }

  #lines(): Violation[] {
    return this.#services.flatMap((service) => {
      const { failure } = service.written.head()
      const failed: Violation[] = failure === 0 ? [] : [{ invariant: 'lines', unit: service.name, text: `a write failed with errno ${failure}` }]
      return [...failed, ...service.verify().flatMap((finding): Violation[] => {
        if (finding.what === 'torn' && this.#expected.mayBeTorn(service)) return []
        const isRead = finding.what === 'missing' && (finding.lines - 2) * service.lineLength <= this.#tree.peer.mostRead
        if (isRead && this.#expected.takeHole(service)) return []
        return [{ invariant: 'lines', unit: service.name, text: `${finding.what}: ${finding.text.replace(/\.{4,}/g, '...')}` }]
      })]
    })
  }

  #said(): Violation[] {
    const known = [this.#tree.peer.words, ...this.#expected.words]
    return this.#words.look().flatMap((line): Violation[] => (known.some((pattern) => pattern.test(line)) ? [] : [{ invariant: 'words', text: line }]))
  }

  #supervisor(): Violation[] {
    const { topEnd, top } = this.#tree
    if (topEnd !== undefined) return [{ invariant: 'status', text: `the supervisor has ended: ${topEnd}` }]
    const { executionBefore } = this.#expected
    return executionBefore !== undefined && executionOf(top) === executionBefore ? [{ invariant: 'status', text: 'the supervisor has not executed itself' }] : []
  }

  #unit(unit: Unit, found: readonly Found[]): Violation[] {
    const lack = (text: string): Violation[] => [{ invariant: 'status', unit: unit.name, text }]
    if (!isListening(unit)) return lack('nobody listens to supervise/control')
    const status = unit.status()
    if (status === undefined) return lack('there is no status')
    const living = found.find((one) => one.unit === unit.name && one.state !== 'Z')
    if (!this.#expected.isUp(unit)) return living === undefined && status.pid === 0 && !status.wantedUp ? [] : lack(`wanted down; alive is ${living?.pid ?? 'none'}, the status says pid ${status.pid}`)
    if (living === undefined) return lack('it is not running')
    if (status.pid !== living.pid) return lack(`pid ${living.pid} lives, the status says ${status.pid}`)
    if (!status.wantedUp || status.paused) return lack(`the status says ${status.wantedUp ? 'paused' : 'not wanted up'}`)
    if (living.state === 'T') return lack('it is stopped')
    const { starts } = unit.starts.count()
    const due = this.#startsBefore(unit).starts + this.#expected.startsOf(unit)
    return starts < due ? lack(`started ${due - starts} times less than was due`) : []
  }

  /** Whose last line, as of when everything was up again, is not in the log yet. */
  #late(): Violation[] {
    const silent = this.#services.filter(({ main, written }) => this.#expected.isUp(main) && written.last().pid !== main.status()?.pid)
    if (silent.length > 0) return silent.map(({ name, progress }) => ({ invariant: 'lines', unit: name, text: `it does not write: ${progress}` }))
    this.#due ??= new Map(this.#services.map((service): [Service, Position] => {
      const { run, count } = service.written.last()
      return [service, { run, number: this.#expected.isUp(service.main) ? count + 1 : count }]
    }))
    return [...this.#due].flatMap(([service, position]): Violation[] => {
      if (service.hasLogged(position)) {
        this.#due!.delete(service)
        return []
      }
      return [{ invariant: 'lines', unit: service.name, text: `line ${position.number} of run ${position.run} is not logged: ${service.progress}` }]
    })
  }

  #strays(found: readonly Found[]): Violation[] {
    const lack = (text: string): Violation => ({ invariant: 'leaks', text })
    const supervisors = new Set(found.filter(({ role }) => role === 'supervisor').map(({ pid }) => pid))
    const isLeft = ({ state, parent }: Found): boolean => state === 'Z' && supervisors.has(parent) && this.#tree.peer.collectsLate !== true
    const zombies = found.filter(isLeft)
    const units = new Set(this.#services.flatMap(({ units }) => units).map(({ name }) => name))
    const strays = found.filter(({ state, role, unit }) => state !== 'Z' && (role === 'other' || (unit !== undefined && !units.has(unit))))
    const keepers = found.filter(({ state, role }) => state !== 'Z' && role === 'keeper')
    const violations = [...zombies.map(({ pid, argv }) => lack(`zombie ${pid} of the supervisor: ${argv}`)), ...strays.map(({ pid, argv }) => lack(`astray: pid ${pid}: ${argv}`))]
    if (keepers.length > 1) violations.push({ invariant: 'copies', unit: 'keeper', text: `${keepers.length} of them: pids ${keepers.map(({ pid }) => pid).join(', ')}` })
    return violations
  }

  #descriptorsLeft(): Violation[] {
    const before = this.#descriptors
    if (before === undefined || this.#expected.extra !== undefined) return [] // nothing to compare with
    return [...descriptorsOf(this.#tree.top)].flatMap(([sort, count]): Violation[] => {
      const most = (before.get(sort) ?? 0) + (this.#tree.peer.moreDescriptors?.(sort, this.#tree.units.length) ?? 0)
      return count <= most ? [] : [{ invariant: 'leaks', text: `the supervisor has ${count} descriptors of ${sort}; at the start ${before.get(sort) ?? 0}, at most ${most} expected` }]
    })
  }

  #startsBefore(unit: Unit): { starts: number; twins: number } {
    return this.#before.starts.get(unit) ?? { starts: 0, twins: 0 }
  }
}

function isListening({ dir }: Unit): boolean {
  try {
    closeSync(openSync(join(dir, 'supervise', 'control'), constants.O_WRONLY | constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}
