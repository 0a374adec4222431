/** A table that is never wider than its terminal. */
import { pad, truncate, widthOf } from './text.ts'

export interface Column {
  title: string
  align?: 'left' | 'right'
  /** Those with the greatest number are left out first when there is no room; 0: never. */
  rank: number
  /** It may be cut to so many characters before a column is left out, */
  least?: number
  /** and to so few before it is left out itself. */
  fewest?: number
}

export interface Cell {
  text: string
  /** Changes how it looks, not how wide it is. */
  paint?: (text: string) => string
}

const gap = 2

/** The lines of a table, its title first. @param width Of the terminal in characters; Infinity: there is none. */
export function layOut(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): string[] {
  const natural = columns.map(({ title }, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at]!.text))))
  const widths = fit(columns, natural, width)
  const line = (cells: readonly Cell[]): string => {
    const parts = widths.flatMap(({ at, width }) => {
      const { text, paint } = cells[at]!
      const cell = pad(truncate(text, width), width, columns[at]!.align)
      // trailing blanks would wrap nothing, but end up in what is copied
      return [at === widths.at(-1)!.at && columns[at]!.align !== 'right' ? { text: cell.trimEnd(), paint } : { text: cell, paint }]
    })
    return parts.map(({ text, paint }) => (paint === undefined ? text : paint(text))).join(' '.repeat(gap)).trimEnd()
  }
  return [line(columns.map(({ title }) => ({ text: title }))), ...rows.map(line)]
}

/** Which columns there is room for, and how wide each is. */
export function fit(columns: readonly Column[], natural: readonly number[], width: number): { at: number; width: number }[] {
  let kept = columns.map((column, at) => ({ at, column, width: natural[at]! }))
  const excess = (): number => kept.reduce((sum, each) => sum + each.width, (kept.length - 1) * gap) - width
  const shrink = (least: (column: Column) => number | undefined): void => {
    for (const each of kept) {
      const floor = least(each.column)
      if (floor !== undefined && excess() > 0) each.width = Math.max(Math.min(floor, each.width), each.width - excess())
    }
  }
  shrink(({ least }) => least)
  while (excess() > 0 && kept.some(({ column }) => column.rank > 0)) {
    const last = Math.max(...kept.map(({ column }) => column.rank))
    shrink(({ rank, fewest }) => (rank === last ? fewest : undefined))
    if (excess() <= 0) break
    kept = kept.filter(({ column }) => column.rank !== last)
    // What was cut for the column's sake gets its room back.
    for (const each of kept) each.width = natural[each.at]!
    shrink(({ least }) => least)
  }
  shrink(() => 1)
  return kept.map(({ at, width }) => ({ at, width }))
}
