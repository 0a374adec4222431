import { exitCode } from '@daemontools-ts/command'

/** How fetchmail-service ends, beside the codes of every command. `untrue`: what was asked is not so; `critical`: and no mail comes. */
export const outcome = { ...exitCode, untrue: 1, critical: 2, timedOut: 99 } as const

/** It cannot do what it was asked for. Said once, at the end, as `fetchmail-service: fatal: WHAT: WHY`. */
export class Failure extends Error {
  /** What to do next: a command, if there is one. */
  readonly next: string | undefined
  readonly code: number
  readonly why: unknown

  constructor(what: string, { why, next, code = outcome.refused }: { why?: unknown; next?: string; code?: number } = {}) {
    super(what)
    this.why = why
    this.next = next
    this.code = code
  }
}
