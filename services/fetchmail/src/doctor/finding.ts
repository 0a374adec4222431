/** What the doctor says: a cause, and the command that cures it. */

export interface Finding {
  /** problem: mail does not flow, or will not. warning: it does, but. */
  level: 'problem' | 'warning'
  cause: string
  /** A command; what is behind `#` says what to do in it. */
  cure: string
}

/** A look at the facts, by its name. It finds nothing if all is well. */
export interface Check {
  name: string
  look: (facts: import('./facts.ts').Facts) => Finding[]
}

export function problem(cause: string, cure: string): Finding {
  return { level: 'problem', cause, cure }
}

export function warning(cause: string, cure: string): Finding {
  return { level: 'warning', cause, cure }
}
