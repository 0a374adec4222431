/** A result as a table, for a terminal and as Markdown. */
import { type ColumnName, columnNames, columnTitles } from './column.ts'
import { nothing, type Result, type RowResult } from './result.ts'
import type { Statistics } from './statistics.ts'

/** A line for each row: medians, and ours as a multiple of the best of the C programs. */
export function printed(result: Result): string {
  const columns = shown(result)
  const head = ['', ...columns.map((name) => columnTitles[name]), 'ours ÷ best', '']
  const lines = result.rows.map((row) => [row.id, ...columns.map((name) => valueOf(row, name)), ratioOf(row), row.unit])
  const widths = head.map((_, place) => Math.max(...[head, ...lines].map((line) => line[place]!.length)))
  const align = (line: readonly string[]): string =>
    line.map((cell, place) => (place === 0 || place === line.length - 1 ? cell.padEnd(widths[place]!) : cell.padStart(widths[place]!))).join('  ').trimEnd()
  return [head, ...lines].map(align).join('\n')
}

/** The same with the spread. */
export function table(result: Result): string {
  const columns = shown(result)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = ['', ...columns.map((name) => columnTitles[name]), 'ours ÷ best']
  return [
    line(head),
    line(head.map((_, place) => (place === 0 ? '---' : '---:'))),
    ...result.rows.map((row) => line([titleOf(row), ...columns.map((name) => spreadOf(row, name)), ratioOf(row)])),
  ].join('\n')
}

/** Why a cell is empty, each reason once. */
export function reasons({ rows, missing, left }: Result): string[] {
  const rowsOf = new Map<string, string[]>()
  for (const { title, cells } of rows) {
    for (const name of columnNames) {
      const why = cells[name]?.why
      if (why === undefined || why === nothing || name === 'limit' || missing[name] !== undefined) continue
      const key = `${columnTitles[name]}: ${why}`
      rowsOf.set(key, [...(rowsOf.get(key) ?? []), title])
    }
  }
  return [
    ...Object.entries(missing).map(([name, why]) => `${columnTitles[name as ColumnName]}: ${why}.`),
    ...[...rowsOf].map(([key, titles]) => `${key} (${titles.join('; ')}).`),
    ...left.map(({ title, why }) => `${title}: ${why}.`),
  ]
}

/** Three digits, as far as they say something. */
export function figure(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', { minimumFractionDigits: Math.min(3, digits), maximumFractionDigits: Math.min(3, digits) })
}

function shown({ missing }: Result): ColumnName[] {
  return columnNames.filter((name) => missing[name] === undefined)
}

function titleOf({ title, unit, better, limit }: RowResult): string {
  return `${title}, ${unit}${better === 'more' ? ' (more is better)' : ''}${limit === undefined ? '' : `; limit: ${limit}`}`
}

function valueOf({ cells }: RowResult, name: ColumnName): string {
  const statistics = cells[name]?.statistics
  return statistics === undefined ? '–' : figure(statistics.median)
}

function spreadOf({ cells }: RowResult, name: ColumnName): string {
  const statistics = cells[name]?.statistics
  return statistics === undefined ? '–' : `**${figure(statistics.median)}** ${spread(statistics)}`
}

function spread({ lowerQuartile, upperQuartile }: Statistics): string {
  return `(${figure(lowerQuartile)}–${figure(upperQuartile)})`
}

function ratioOf({ ratios, best }: RowResult): string {
  const texts = (['ours', 'executable'] as const).flatMap((name) => (ratios[name] === undefined ? [] : [figure(ratios[name])]))
  return best === undefined || texts.length === 0 ? '–' : `${texts.join(', ')} × ${best === 'c' ? 'C' : best}`
}
