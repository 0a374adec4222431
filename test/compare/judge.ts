import type { Outcome, Row } from './row.ts'

/**
 * `same`: nothing can be told apart. `allowed`: what differs is what a deviation says, and nothing else. `missing`: ours has no such command yet.
 * `different`: all else, with a reason and both outcomes.
 */
export type Verdict =
  | { row: Row; kind: 'same' | 'allowed' | 'missing' }
  | { row: Row; kind: 'different'; reason: string; expected: Outcome; got: Outcome }

export interface Played {
  theirs: Outcome
  /** Another time: what differs here is not a row's to compare. */
  again: Outcome
  /** Undefined: there is no such command. */
  ours: Outcome | undefined
}

/** @param deviations The names that docs/deviations.md has. */
export function judge(row: Row, { theirs, again, ours }: Played, deviations: ReadonlySet<string>): Verdict {
  const different = (reason: string, expected: Outcome, got: Outcome): Verdict => ({ row, kind: 'different', reason, expected, got })
  if (theirs.end === 'hung') return different('the C program hangs', theirs, again)
  if (isBroken(theirs)) return different('the row itself does not do what it wants to', theirs, again)
  if (!isSame(theirs, again)) return different('the C program itself does not do the same twice', theirs, again)
  if (ours === undefined) return { row, kind: 'missing' }
  if (row.deviation === undefined) return isSame(theirs, ours) ? { row, kind: 'same' } : different('', theirs, ours)
  const { name } = row.deviation
  const expected = row.deviation.expected(theirs)
  if (isSame(expected, theirs)) return different(`the deviation ${name} would make no difference here`, expected, ours)
  if (!isSame(expected, ours)) return different(`not what the deviation ${name} says`, expected, ours)
  if (!deviations.has(name)) return different(`a deviation that docs/deviations.md does not have: ${name}`, theirs, ours)
  return { row, kind: 'allowed' }
}

/** Whether the script, and not the command, has failed: such a row would compare nothing. */
function isBroken({ stderr }: Outcome): boolean {
  return /^PLACE\/script: \d+: (?!exec: .*: Argument list too long$)|^not reached: |^surround: /m.test(stderr)
}

/** Whether nothing can be told apart. */
export function isSame(a: Outcome, b: Outcome): boolean {
  return a.end === b.end && a.stdout === b.stdout && a.stderr === b.stderr && a.files.length === b.files.length && a.files.every((line, index) => line === b.files[index])
}
