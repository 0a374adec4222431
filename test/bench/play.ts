/** Plays an act: rounds, and in each of them every column. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Act, Play, Stage } from './act.ts'
import { type ColumnName, columnNames, columnTitles, order } from './column.ts'
import { endAll } from './end.ts'
import { type Cell, conclude, type RowResult } from './result.ts'

export interface Ground extends Omit<Stage, 'folder'> {
  base: string
  rounds: number
  /** Of performance.now(): after that, no other round begins. */
  deadline: number
  /** Why a column is missing altogether. */
  missing: Readonly<Partial<Record<ColumnName, string>>>
  say(text: string): void
}

/** @returns a result for each row. */
export async function play(act: Act, ground: Ground): Promise<RowResult[]> {
  const { base, rounds, deadline, missing, say } = ground
  const whys = new Map<ColumnName, string>()
  for (const column of columnNames) {
    const why = missing[column] ?? act.lack(column)
    if (why !== undefined) whys.set(column, why)
  }
  const columns = columnNames.filter((column) => !whys.has(column))
  const values = new Map<string, (number | null)[]>()
  const valuesOf = (row: string, column: ColumnName): (number | null)[] => {
    const key = `${row} ${column}`
    if (!values.has(key)) values.set(key, [])
    return values.get(key)!
  }

  const folder = join(base, 'act')
  fs.mkdirSync(folder, { mode: 0o755 })
  try {
    const turn = await act.open({ ...ground, folder })
    for (let round = 0; round < Math.min(rounds, act.mostRounds ?? rounds) && performance.now() < deadline; round++) {
      for (const column of order(columns, round)) {
        const measured = whys.has(column) ? {} : await attempt(turn, column, (why) => {
          say(`${act.rows[0]!.id}: ${columnTitles[column]}: ${why}`)
          whys.set(column, why)
        })
        for (const { id } of act.rows) valuesOf(id, column).push(measured[id] ?? null)
      }
    }
  } finally {
    await endAll(folder)
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return act.rows.map((row) => conclude(row, Object.fromEntries(columnNames.map((column): [ColumnName, Cell] => {
    const why = whys.get(column)
    return [column, { rounds: valuesOf(row.id, column), ...(why !== undefined && { why }) }]
  }))))
}

/** What fails once is not tried again: it would only take its time. */
async function attempt(turn: Play, column: ColumnName, failed: (why: string) => void): Promise<Readonly<Record<string, number>>> {
  try {
    return await turn(column)
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error))
    return {}
  }
}
