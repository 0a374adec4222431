/** The living processes of a tree, and its zombies, by /proc. */
import * as fs from 'node:fs'
import { basename } from 'node:path'
import { list, readLink, readText } from '../support/procfs.ts'

export interface Found {
  pid: number
  /** Clock ticks since boot: with the pid it is one process for ever. */
  started: string
  parent: number
  state: string
  /** `main` and `log` have become what they shall be; `other` is on its way there, or astray. A zombie is what it was when it was last seen. */
  role: 'main' | 'log' | 'supervisor' | 'keeper' | 'other'
  /** The unit of a main or log. */
  unit?: string
  argv: string
}

export interface Marks {
  /** The folder of the tree: whoever has it in his arguments, environment or as working directory is of the tree. */
  folder: string
  /** Arguments by which a unit's own program is known. */
  units: ReadonlyMap<string, { role: 'main' | 'log'; unit: string }>
  /** Names of programs. */
  supervisors: ReadonlySet<string>
}

export class Census {
  readonly #marks: Marks
  /** What was found earlier, by pid. */
  #known = new Map<number, Found>()

  constructor(marks: Marks) {
    this.#marks = marks
  }

  /** @param top The topmost supervisor, whatever it looks like. */
  take(top?: number): Found[] {
    const found: Found[] = []
    for (const name of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
      const one = this.#lookAt(Number(name), top)
      if (one !== undefined) found.push(one)
    }
    this.#known = new Map(found.map((one) => [one.pid, one]))
    return found
  }

  #lookAt(pid: number, top: number | undefined): Found | undefined {
    const stat = readText(`/proc/${pid}/stat`)
    if (stat === '') return undefined
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, parent, started] = [fields[0]!, Number(fields[1]), fields[19]!]
    const known = this.#known.get(pid)
    const isKnown = known !== undefined && known.started === started
    // Only a program that is on its way still becomes another; and a zombie has no arguments any more.
    if (isKnown && (state === 'Z' || known.role === 'main' || known.role === 'log')) return { ...known, state, parent }
    // a program that gives itself a title has blanks where others have NULs, and our paths have none
    const argv = readText(`/proc/${pid}/cmdline`).split(/[\0 ]+/)
    if (pid !== top && !isKnown && !this.#belongs(pid, argv)) return undefined
    return { pid, started, parent, state, argv: argv.join(' '), ...this.#roleOf(argv, pid === top) }
  }

  #roleOf(argv: readonly string[], isTop: boolean): Pick<Found, 'role' | 'unit'> {
    if (isTop) return { role: 'supervisor' }
    const program = basename(argv[0] ?? '')
    if (this.#marks.supervisors.has(program)) return { role: 'supervisor' }
    if (program === 'launch' && argv.includes('keep')) return { role: 'keeper' }
    for (const argument of argv) {
      const unit = this.#marks.units.get(argument)
      if (unit !== undefined) return unit
    }
    return { role: 'other' }
  }

  #belongs(pid: number, argv: readonly string[]): boolean {
    const { folder } = this.#marks
    return argv.some((argument) => argument.includes(folder)) || readLink(`/proc/${pid}/cwd`).startsWith(folder) || readText(`/proc/${pid}/environ`).includes(folder)
  }
}

/** Quickly: without a look at anybody else. */
export function childrenOf(pid: number): number[] {
  return readText(`/proc/${pid}/task/${pid}/children`).split(' ').filter((word) => word !== '').map(Number)
}

export function argumentsOf(pid: number): string[] {
  return readText(`/proc/${pid}/cmdline`).split('\0')
}

/** A word that changes when a process executes a program: where its stack begins. */
export function executionOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[25] ?? ''
}

/** How many descriptors of each sort a process has open. */
export function descriptorsOf(pid: number): Map<string, number> {
  const sorts = new Map<string, number>()
  for (const fd of list(`/proc/${pid}/fd`)) {
    const target = readLink(`/proc/${pid}/fd/${fd}`)
    const sort = target.replace(/^.*\/supervise\//, '').replace(/\d+/g, 'N')
    if (target !== '') sorts.set(sort, (sorts.get(sort) ?? 0) + 1)
  }
  return sorts
}
