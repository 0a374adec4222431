/** What is not yet as it shall be after a fault. */
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { descriptorsOf, executionOf, type Found } from './census.ts'
import { type Case, concerned, startsBefore } from './judge.ts'
import type { Position } from './lines.ts'
import type { Service, Unit } from './service.ts'
import type { Violation } from './violation.ts'

export class Settling {
  readonly #case: Case
  readonly #services: readonly Service[]
  /** How far each log has to be, once everything is up. */
  #due: Map<Service, Position> | undefined

  constructor(ofCase: Case) {
    this.#case = ofCase
    this.#services = concerned(ofCase.tree, ofCase.expected)
  }

  /** Empty when the tree has settled. The costly questions come last, and only if nothing else is open. */
  lacking(found: readonly Found[]): Violation[] {
    const lacks = [...this.#supervisor(), ...this.#services.flatMap(({ units }) => units).flatMap((unit) => this.#unit(unit, found))]
    if (lacks.length > 0) return lacks
    const late = this.#late()
    return late.length > 0 ? late : [...this.#strays(found), ...this.#descriptors()]
  }

  #supervisor(): Violation[] {
    const { topEnd, top } = this.#case.tree
    if (topEnd !== undefined) return [{ invariant: 'status', text: `the supervisor has ended: ${topEnd}` }]
    const { executionBefore } = this.#case.expected
    return executionBefore !== undefined && executionOf(top) === executionBefore ? [{ invariant: 'status', text: 'the supervisor has not executed itself' }] : []
  }

  #unit(unit: Unit, found: readonly Found[]): Violation[] {
    const lack = (text: string): Violation[] => [{ invariant: 'status', unit: unit.name, text }]
    if (!isListening(unit)) return lack('nobody listens to supervise/control')
    const status = unit.status()
    if (status === undefined) return lack('there is no status')
    const living = found.find((one) => one.unit === unit.name && one.state !== 'Z')
    if (!this.#case.expected.isUp(unit)) return living === undefined && status.pid === 0 && !status.wantedUp ? [] : lack(`wanted down; alive is ${living?.pid ?? 'none'}, the status says pid ${status.pid}`)
    if (living === undefined) return lack('it is not running')
    if (status.pid !== living.pid) return lack(`pid ${living.pid} lives, the status says ${status.pid}`)
    if (!status.wantedUp || status.paused) return lack(`the status says ${status.wantedUp ? 'paused' : 'not wanted up'}`)
    if (living.state === 'T') return lack('it is stopped')
    const { starts } = unit.starts.count()
    const due = startsBefore(this.#case.before, unit).starts + this.#case.expected.startsOf(unit)
    if (starts < due) return lack(`started ${due - starts} times less than was due`)
    const end = this.#case.expected.ends.get(unit)
    const told = this.#case.tree.peer.readLastEnd?.(unit.dir)
    return end === undefined || told === undefined || told === end ? [] : lack(`it ended by ${end}, the record says ${told}`)
  }

  /** Whose last line, as of when everything was up again, is not in the log yet. */
  #late(): Violation[] {
    const silent = this.#services.filter(({ main, written }) => this.#case.expected.isUp(main) && written.last().pid !== main.status()?.pid)
    if (silent.length > 0) return silent.map(({ name, progress }) => ({ invariant: 'lines', unit: name, text: `it does not write: ${progress}` }))
    this.#due ??= new Map(this.#services.map((service): [Service, Position] => {
      const { run, count } = service.written.last()
      return [service, { run, number: this.#case.expected.isUp(service.main) ? count + 1 : count }]
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
    const isLeft = ({ state, parent }: Found): boolean => state === 'Z' && supervisors.has(parent) && this.#case.tree.peer.collectsLate !== true
    const zombies = found.filter(isLeft)
    const units = new Set(this.#services.flatMap(({ units }) => units).map(({ name }) => name))
    const strays = found.filter(({ state, role, unit }) => state !== 'Z' && (role === 'other' || (unit !== undefined && !units.has(unit))))
    const keepers = found.filter(({ state, role }) => state !== 'Z' && role === 'keeper')
    const violations = [...zombies.map(({ pid, argv }) => lack(`zombie ${pid} of the supervisor: ${argv}`)), ...strays.map(({ pid, argv }) => lack(`astray: pid ${pid}: ${argv}`))]
    if (keepers.length > 1) violations.push({ invariant: 'copies', unit: 'keeper', text: `${keepers.length} of them: pids ${keepers.map(({ pid }) => pid).join(', ')}` })
    return violations
  }

  #descriptors(): Violation[] {
    const { tree, expected, descriptors: before } = this.#case
    if (before === undefined || expected.extra !== undefined) return [] // nothing to compare with
    return [...descriptorsOf(tree.top)].flatMap(([sort, count]): Violation[] => {
      const most = (before.get(sort) ?? 0) + (tree.peer.moreDescriptors?.(sort, tree.units.length) ?? 0)
      return count <= most ? [] : [{ invariant: 'leaks', text: `the supervisor has ${count} descriptors of ${sort}; at the start ${before.get(sort) ?? 0}, at most ${most} expected` }]
    })
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
