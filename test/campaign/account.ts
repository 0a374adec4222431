/** A violation with everything that was seen, for whoever has to find out why. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Kind } from './kind.ts'
import type { Round } from './plan.ts'
import type { Unit } from './service.ts'
import type { Tree } from './tree.ts'
import type { Violation } from './violation.ts'
import { Words } from './words.ts'

export interface Incident {
  tree: Tree
  round: Round
  /** The fault of the round before. */
  before: Kind | undefined
  seed: number
  violations: readonly Violation[]
}

/** How many units of those that something is wrong with are shown. */
const mostUnits = 4

export function account({ tree, round, before, seed, violations }: Incident): string {
  const { number, kind, target, chances } = round
  const names = new Set([...violations.flatMap(({ unit }) => unit ?? []), ...tree.services[target]!.units.map(({ name }) => name)])
  const units = [...tree.units, ...tree.extra.units].filter(({ name }) => names.has(name))
  return [
    `==== ${tree.peer.title}, round ${number}: ${kind}`,
    `seed ${seed}, ${tree.services.length} services; target ${tree.services[target]!.name}, chances ${chances.map((chance) => chance.toFixed(3)).join(' ')}; the round before: ${before ?? 'none'}`,
    ...violations.slice(0, 12).map(({ invariant, unit, text }) => `  ${invariant}: ${unit === undefined ? '' : `${unit}: `}${text}`),
    ...(violations.length > 12 ? [`  and ${violations.length - 12} more`] : []),
    ...units.slice(0, mostUnits).flatMap((unit) => describe(tree, unit)),
    `-- supervisor: ${tree.topEnd === undefined ? `pid ${tree.top}` : `has ended: ${tree.topEnd}`}`,
    ...tree.census().filter(({ role, pid }) => role === 'supervisor' ? pid === tree.top : role === 'keeper' || role === 'other').map(({ pid, parent, state, argv }) => `  pid ${pid}, child of ${parent}, ${state}: ${argv}`),
    '-- the last it said',
    ...new Words(tree.stderrFile).tail(8).map((line) => `  ${line}`),
    '====',
  ].join('\n')
}

function describe(tree: Tree, unit: Unit): string[] {
  const status = unit.status()
  const { starts, twins } = unit.starts.count()
  const processes = tree.census().filter((one) => one.unit === unit.name)
  const service = [...tree.services, tree.extra].find(({ units }) => units.includes(unit))!
  return [
    `-- ${unit.name}: status ${status === undefined ? 'none' : `pid ${status.pid}, ${status.wantedUp ? 'wanted up' : 'not wanted up'}${status.paused ? ', paused' : ''}`}; ${starts} starts (pids ${unit.starts.pids().slice(-4).join(', ')}), ${twins} beside another; ${service.progress}`,
    ...processes.map(({ pid, parent, state, argv }) => `  pid ${pid}, child of ${parent}, ${state}: ${argv}`),
    `  state.json: ${readIfThere(join(unit.dir, 'supervise', 'state.json')).trim()}`,
  ]
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return 'none'
  }
}
