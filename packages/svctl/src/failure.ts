import { exitCode } from '@daemontools-ts/command'

/** How svctl ends, beside the codes of every command. */
export const outcome = { ...exitCode, untrue: 1, timedOut: 99 } as const

export interface FailureOptions {
  /** What was attempted, on what; without a period. */
  what: string
  /** The system's refusal, or a reason in words. */
  why?: unknown
  /** What to do next: a sentence, or a command to type. */
  next?: string | undefined
  /** Default: the system refuses. */
  code?: number
}

/** svctl cannot do what it was asked for. It is said once, at the end, as `svctl: fatal: WHAT: WHY`. */
export class Failure extends Error {
  readonly options: FailureOptions
  constructor(options: FailureOptions) {
    super(options.what)
    this.options = options
  }
}

/** The command line is wrong. */
export class Misuse extends Failure {
  constructor(what: string, next?: string) {
    super({ what, next, code: outcome.misuse })
  }
}
