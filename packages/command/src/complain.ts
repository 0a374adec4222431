/** What a command says on stderr, in djb's shape, and how it ends. Texts are byte strings. */
import { bytes, errnoOf, writeFile } from '@daemontools-ts/unix'
import { errorText } from './errorstr.ts'

/** djb's exit codes (strerr_die): the person has to change something, or the system may yet allow it. */
export const exitCode = { misuse: 100, bug: 101, refused: 111 } as const

/** Writes text and a newline to stderr in one write(2). Like the C programs, it does not mind if nobody can hear it. */
export function say(text: string): void {
  try {
    writeFile(2, bytes(text + '\n'))
  } catch {
    // there is nobody to tell
  }
}

/** `PROGRAM: warning: WHAT: WHY`: it goes on. A `why` that is not text is an error, whose errno gets djb's words. */
export function warn(program: string, what: string, why?: unknown): void {
  say(`${program}: warning: ${sentence(what, why)}`)
}

/** `PROGRAM: fatal: WHAT: WHY`: it gives up, and only that part of this process. */
export function giveUp(program: string, what: string, why?: unknown): void {
  say(`${program}: fatal: ${sentence(what, why)}`)
}

/** The same, exit 111. */
export function die(program: string, what: string, why?: unknown): never {
  giveUp(program, what, why)
  process.exit(exitCode.refused)
}

/** From now on an error that nobody expected is said, and the daemon goes on: one service's trouble must not end the others. */
export function outliveErrors(program: string): void {
  process.on('uncaughtException', (error) => warn(program, `internal error, going on: ${error.stack ?? error.message}`))
}

/** `PROGRAM: usage: SYNOPSIS`, exit 100. */
export function usage(program: string, synopsis: string): never {
  say(`${program}: usage: ${synopsis}`)
  process.exit(exitCode.misuse)
}

/** Why something failed: djb's words for a system error, the message of any other. */
export function reason(error: unknown): string {
  const errno = errnoOf(error)
  if (errno !== 0) return errorText(errno)
  return error instanceof Error ? error.message : String(error)
}

function sentence(what: string, why: unknown): string {
  return why === undefined ? what : `${what}: ${reason(why)}`
}
