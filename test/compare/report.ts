/** The comparison in words. */
import type { Verdict } from './judge.ts'
import { shown } from './row.ts'

/** A line for each command: how many rows, and what became of them. */
export function summary(verdicts: readonly Verdict[]): string[] {
  const commands = [...new Set(verdicts.map(({ row }) => row.command))]
  const width = Math.max(...commands.map((name) => name.length))
  const heads = `${'command'.padEnd(width)}  rows  same  allowed  different`
  const lines = commands.map((command) => {
    const of = verdicts.filter(({ row }) => row.command === command)
    const count = (kind: Verdict['kind']): number => of.filter((one) => one.kind === kind).length
    const missing = count('missing')
    const numbers = `${String(of.length).padStart(4)}  ${String(count('same')).padStart(4)}  ${String(count('allowed')).padStart(7)}  ${String(count('different')).padStart(9)}`
    return `${command.padEnd(width)}  ${numbers}${missing === 0 ? '' : `  ${missing} not there yet`}${allowedNames(of)}`
  })
  return [heads, ...lines]
}

function allowedNames(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>()
  for (const { kind, row } of verdicts) if (kind === 'allowed') counts.set(row.deviation!.name, (counts.get(row.deviation!.name) ?? 0) + 1)
  const names = [...counts].map(([name, count]) => `${name} ${count}`)
  return names.length === 0 ? '' : `  (${names.join(', ')})`
}

/** The last line. */
export function total(verdicts: readonly Verdict[]): string {
  const count = (kind: Verdict['kind']): number => verdicts.filter((one) => one.kind === kind).length
  const missing = count('missing')
  return `${verdicts.length} rows: ${count('same')} same, ${count('allowed')} allowed, ${count('different')} different${missing === 0 ? '' : `, ${missing} not there yet`}`
}

/** One row of the table. */
export function tableLine({ row, kind }: Verdict): string {
  const word = kind === 'allowed' ? `allowed (${row.deviation!.name})` : kind === 'missing' ? 'not there yet' : kind
  return `${row.command}: ${row.name}${row.user === undefined ? '' : ` [${row.user}]`}: ${word}`
}

/** A difference in full: the row, and where its outcomes part. */
export function difference(verdict: Verdict & { kind: 'different' }): string[] {
  const { row, reason, expected, got } = verdict
  const lines = [`${tableLine(verdict)}${reason === '' ? '' : `: ${reason}`}`, ...row.script.trim().split('\n').map((line) => `    | ${clip(line.replace(/[^ -~]/g, shown), 0)}`)]
  const part = (what: string, theirs: string, ours: string): void => {
    if (theirs === ours) return
    const at = firstDifference(theirs, ours)
    lines.push(`    ${what}, C:    ${clip(theirs, at)}`, `    ${what}, ours: ${clip(ours, at)}`)
  }
  part('end', expected.end, got.end)
  part('stdout', shown(expected.stdout), shown(got.stdout))
  part('stderr', shown(expected.stderr), shown(got.stderr))
  const left = (these: readonly string[], those: readonly string[]): string => these.filter((line) => !those.includes(line)).join(' ; ')
  part('files', left(expected.files, got.files), left(got.files, expected.files))
  if (lines.length === 1) lines.push('    the order of the files')
  return lines
}

const clipCharacters = 600

/** The part around a place. */
function clip(text: string, at: number): string {
  if (text.length <= clipCharacters) return text
  const from = Math.max(0, Math.min(at - 100, text.length - clipCharacters))
  return `${from > 0 ? '…' : ''}${text.slice(from, from + clipCharacters)}${from + clipCharacters < text.length ? '…' : ''}`
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
