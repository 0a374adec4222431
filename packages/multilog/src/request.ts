/**
 * The steps of recovery and rotation as values. A sequence of them is a generator that yields requests and is resumed with the
 * answers, so that a test may stop after any one, as a power failure does. Names are names in the log directory.
 */
import type { FileStatus } from '@daemontools-ts/unix'

export type Request =
  | ({ do: 'stat'; name: string } & Refusable)
  | ({ do: 'open'; name: string; how: 'append' | 'truncate' } & Refusable)
  | ({ do: 'setMode'; fd: number; mode: number } & Refusable)
  | ({ do: 'sync'; fd: number } & Refusable)
  | { do: 'close'; fd: number }
  | ({ do: 'changeMode'; name: string; mode: number } & Refusable)
  | ({ do: 'rename'; from: string; to: string } & Refusable)
  | ({ do: 'link'; from: string; to: string } & Refusable)
  | ({ do: 'unlink'; name: string } & Refusable)
  | ({ do: 'list' } & Refusable)
  /** A label of the time now: `@` and 24 digits. */
  | { do: 'label' }
  /** Run the command from `previous` to `processed`, and wait for its end. */
  | ({ do: 'process'; command: string } & Refusable)
  /** Say the warning and wait five seconds. Stale is the errno of the last call that failed, whatever that was: as in C. */
  | { do: 'pause'; warning: string; errno?: number | 'stale' }

/** What to do when the system refuses: `unable` says what was to be done. */
export interface Refusable {
  unable: string
  /**
   * fatal: multilog says so and exits. pausing: it says so, pauses, and tries again for ever. ignored: it goes on.
   * told: it goes on, and the answer is the errno.
   */
  refused: 'fatal' | 'pausing' | 'ignored' | 'told'
}

/** How a processor ended. */
export type End = { code: number } | { signal: number }

/** A sequence of steps with a result. The answers are typed by the functions below, which are the only ones to yield. */
export type Steps<Result> = Generator<Request, Result, unknown>

/** The status of a file, undefined if there is none. */
export function* stat(name: string, refusable: Refusable): Steps<FileStatus | undefined> {
  return (yield { do: 'stat', name, ...refusable }) as FileStatus | undefined
}

/** Opens or makes a file for writing and answers the descriptor. */
export function* open(name: string, how: 'append' | 'truncate', refusable: Refusable): Steps<number> {
  return (yield { do: 'open', name, how, ...refusable }) as number
}

export function* list(refusable: Refusable): Steps<string[]> {
  return (yield { do: 'list', ...refusable }) as string[]
}

export function* label(): Steps<string> {
  return (yield { do: 'label' }) as string
}

export function* run(command: string, refusable: Refusable): Steps<End> {
  return (yield { do: 'process', command, ...refusable }) as End
}

/** For requests whose answer is 0, or the errno if the refusal is told. */
export function* attempt(request: Request & { refused: 'told' }): Steps<number> {
  return (yield request) as number
}

export function fatal(unable: string): Refusable {
  return { unable, refused: 'fatal' }
}

export function pausing(unable: string): Refusable {
  return { unable, refused: 'pausing' }
}

export const ignored: Refusable = { unable: '', refused: 'ignored' }
export const told = { unable: '', refused: 'told' } as const
