/** error: it will not work, or it is dangerous. warning: it will probably not do what was meant. */
export type Severity = 'error' | 'warning'

export interface Finding {
  /** The rule's name, as in docs/svctl-check.md. */
  rule: string
  severity: Severity
  /** The file or directory, as the person would name it. */
  file: string
  /** In that file, from 1. */
  line?: number | undefined
  what: string
  why: string
  /** A command that mends it, if there is one. */
  fix?: string | undefined
}

/** What a rule says; the rest is the rule's own. */
export type Fault = Omit<Finding, 'rule' | 'severity'>

export interface Rule<Facts> {
  id: string
  severity: Severity
  /** Pure: from the facts, what is wrong. */
  check(facts: Facts): Iterable<Fault>
}

export function applyRules<Facts>(rules: readonly Rule<Facts>[], facts: Facts): Finding[] {
  return rules.flatMap(({ id, severity, check }) => [...check(facts)].map((fault) => ({ rule: id, severity, ...fault })))
}

/** A word as sh reads it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
