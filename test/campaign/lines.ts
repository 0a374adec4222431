/** Whether a log holds what was written, each line once, in order; and what it lacks. */

/** The last whole line that was found. Before the first it is 0 of run 0. */
export interface Position {
  run: number
  number: number
}

export type Finding =
  /** A hole between two lines. */
  | { what: 'missing'; lines: number; text: string }
  /** A piece that is not a line of this service. */
  | { what: 'torn'; text: string }
  /** A line that came before, or of an earlier run. */
  | { what: 'disorder'; text: string }
  /** A line that nobody has written, by the writer's account. */
  | { what: 'invented'; text: string }

export interface Followed {
  position: Position
  findings: Finding[]
}

/**
 * Goes on from a position through the next lines of a log.
 * @param counts How many lines each run has written for certain, the first run's first; it may have written one more.
 */
export function follow(position: Position, lines: readonly string[], name: string, counts: readonly number[]): Followed {
  const findings: Finding[] = []
  for (const line of lines) {
    const next = parse(line, name)
    if (next === undefined) {
      findings.push({ what: 'torn', text: line })
      continue
    }
    if (next.run < position.run || (next.run === position.run && next.number <= position.number)) {
      findings.push({ what: 'disorder', text: `${line} after ${write(position)}` })
      continue
    }
    if (next.number > countOf(next.run, counts) + 1) findings.push({ what: 'invented', text: `${line}, of a run that wrote ${countOf(next.run, counts)}` })
    const missing = between(position, next, counts)
    if (missing > 0) findings.push({ what: 'missing', lines: missing, text: `${missing} lines between ${write(position)} and ${line}` })
    position = next
  }
  return { position, findings }
}

export function write({ run, number }: Position): string {
  return run === 0 ? 'the beginning' : `<${run} ${number}>`
}

function parse(line: string, name: string): Position | undefined {
  const match = /^<(\S+) (\d+) (\d+) \.*>$/.exec(line)
  return match === null || match[1] !== name ? undefined : { run: Number(match[2]), number: Number(match[3]) }
}

/** How many lines were certainly written between two. */
function between(from: Position, to: Position, counts: readonly number[]): number {
  if (from.run === to.run) return to.number - from.number - 1
  let lines = Math.max(0, countOf(from.run, counts) - from.number) + to.number - 1
  for (let run = from.run + 1; run < to.run; run++) lines += countOf(run, counts)
  return lines
}

function countOf(run: number, counts: readonly number[]): number {
  return run === 0 ? 0 : (counts[run - 1] ?? 0)
}
