/** A refused system call, as Node throws it: `errno` positive here, and the call's name. */
export class SystemError extends Error {
  readonly errno: number
  constructor(call: string, errno: number) {
    super(`${call}: errno ${errno}`)
    this.errno = errno
  }
}

/** The positive errno of whatever was thrown, 0 if it did not come from the system. */
export function errnoOf(error: unknown): number {
  const number = (error as { errno?: unknown } | null)?.errno
  return typeof number === 'number' ? Math.abs(number) : 0
}
