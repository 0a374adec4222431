/** What no time can heal: what is seen in a tree after a fault, held against what was seen before it. */
import type { Found } from './census.ts'
import type { Expected } from './expected.ts'
import type { Service, Unit } from './service.ts'
import type { Tree } from './tree.ts'
import type { Violation } from './violation.ts'
import type { Words } from './words.ts'

/** A settled tree: what the next fault is measured by. */
export interface Snapshot {
  pids: ReadonlyMap<Unit, number>
  starts: ReadonlyMap<Unit, { starts: number; twins: number }>
}

export interface Case {
  tree: Tree
  before: Snapshot
  expected: Expected
  /** What the supervisor says. */
  words: Words
  /** Of the first supervisor when it had settled; undefined while that is now. */
  descriptors: ReadonlyMap<string, number> | undefined
}

export class Judge {
  readonly #case: Case

  constructor(ofCase: Case) {
    this.#case = ofCase
  }

  violations(found: readonly Found[]): Violation[] {
    return [...this.#beside(found), ...this.#starts(), ...this.#gone(found), ...this.#lines(), ...this.#said()]
  }

  #beside(found: readonly Found[]): Violation[] {
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
    return violations
  }

  #starts(): Violation[] {
    const { tree, expected, before } = this.#case
    return concerned(tree, expected).flatMap(({ units }) => units).flatMap((unit): Violation[] => {
      const { starts, twins } = unit.starts.count()
      const earlier = startsBefore(before, unit)
      const most = expected.startsOf(unit)
      if (twins > earlier.twins) return [{ invariant: 'copies', unit: unit.name, text: `started while another one was alive: pids ${unit.starts.pids().slice(-3).join(', ')}` }]
      if (starts - earlier.starts <= most) return []
      return [{ invariant: most === 0 ? 'pids' : 'copies', unit: unit.name, text: `started ${starts - earlier.starts} times where ${most} were due` }]
    })
  }

  /** Who was not hit and is not there any more. */
  #gone(found: readonly Found[]): Violation[] {
    const living = new Set(found.filter(({ state }) => state !== 'Z').map(({ pid }) => pid))
    const { before, expected } = this.#case
    return [...before.pids].flatMap(([unit, pid]): Violation[] => {
      if (expected.startsOf(unit) > 0 || !expected.isUp(unit) || living.has(pid)) return []
      return [{ invariant: 'pids', unit: unit.name, text: `pid ${pid} was not hit, and is gone` }]
    })
  }

  #lines(): Violation[] {
    const { tree, expected } = this.#case
    return concerned(tree, expected).flatMap((service) => {
      const { failure } = service.written.head()
      const failed: Violation[] = failure === 0 ? [] : [{ invariant: 'lines', unit: service.name, text: `a write failed with errno ${failure}` }]
      return [...failed, ...service.verify().flatMap((finding): Violation[] => {
        if (finding.what === 'torn' && expected.mayBeTorn(service)) return []
        const isRead = finding.what === 'missing' && (finding.lines - 2) * service.lineLength <= tree.peer.mostRead
        if (isRead && expected.takeHole(service)) return []
        return [{ invariant: 'lines', unit: service.name, text: `${finding.what}: ${finding.text.replace(/\.{4,}/g, '...')}` }]
      })]
    })
  }

  #said(): Violation[] {
    const { tree, expected, words } = this.#case
    const known = [tree.peer.words, ...expected.words]
    return words.look().flatMap((line): Violation[] => (known.some((pattern) => pattern.test(line)) ? [] : [{ invariant: 'words', text: line }]))
  }
}

/** The services that a fault is about. */
export function concerned({ services }: Tree, { extra }: Expected): readonly Service[] {
  return extra === undefined ? services : [...services, extra]
}

export function startsBefore({ starts }: Snapshot, unit: Unit): { starts: number; twins: number } {
  return starts.get(unit) ?? { starts: 0, twins: 0 }
}
