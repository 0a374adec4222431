/** What has come out of a run: the JSON of --json. */
import { type ColumnName, rivals } from './column.ts'
import { median, type Rounds, ratio, type Statistics, summarize, valuesOf } from './statistics.ts'

export interface Row {
  id: string
  title: string
  /** Of its values. */
  unit: string
  better: 'less' | 'more'
  /** What stands in the column `limit`. */
  limit?: string
  /** What one has to know to read it. */
  note?: string
}

/** Why a cell is empty where one would not expect anything. */
export const nothing = 'nothing of the sort'

/** The values of one column, round by round, or why there are none. */
export interface Cell {
  rounds: Rounds
  /** Why the column has no part in it, or where it had to stop. */
  why?: string
}

export interface RowResult extends Row {
  cells: Readonly<Partial<Record<ColumnName, Cell & { statistics?: Statistics }>>>
  /** Of C daemontools, runit and s6. */
  best?: ColumnName
  /** How many times as much as the best of them. */
  ratios: Readonly<Partial<Record<'ours' | 'executable', number>>>
}

export interface Machine {
  processor: string
  processors: number
  memoryMegabytes: number
  kernel: string
  node: string
  /** Of the scratch folder. */
  fileSystem: string
  /** Averages of a minute, as in /proc/loadavg. Before the run, and while it ran. */
  load: { before: number; median: number; most: number }
  /** Processor time that the machine's host gave to others, in percent. */
  stolenPercent: number
}

export interface Result {
  date: string
  seconds: number
  rounds: number
  quick: boolean
  machine: Machine
  versions: Readonly<Partial<Record<ColumnName, string>>>
  /** Columns that are missing altogether, and why. */
  missing: Readonly<Partial<Record<ColumnName, string>>>
  rows: readonly RowResult[]
  /** Rows that were not played, and why. */
  left: readonly { title: string; why: string }[]
}

export function conclude(row: Row, cells: Readonly<Partial<Record<ColumnName, Cell>>>): RowResult {
  const summed = Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => {
      const statistics = summarize(valuesOf(cell.rounds))
      return [name, { ...cell, ...(statistics !== undefined && { statistics }) }]
    }),
  )
  const best = bestOf(row, cells)
  const compared = (name: 'ours' | 'executable'): Partial<Record<typeof name, number>> => {
    const times = best === undefined ? undefined : ratio(cells[name]?.rounds ?? [], cells[best]?.rounds ?? [])
    return times === undefined ? {} : { [name]: times }
  }
  return { ...row, cells: summed, ...(best !== undefined && { best }), ratios: { ...compared('ours'), ...compared('executable') } }
}

function bestOf({ better }: Row, cells: Readonly<Partial<Record<ColumnName, Cell>>>): ColumnName | undefined {
  const medians = rivals.flatMap((name) => {
    const values = valuesOf(cells[name]?.rounds ?? [])
    return values.length === 0 ? [] : [{ name, median: median(values) }]
  })
  medians.sort((a, b) => (better === 'less' ? a.median - b.median : b.median - a.median))
  return medians[0]?.name
}
