/**
 * Work that may have to wait, as a generator: it yields what for, and is resumed afterwards. A multilog that runs alone waits on the spot; one
 * process for many logs does something else meanwhile.
 */
import type { End } from './request.ts'

/** The descriptors that a processor starts with, by number. */
export interface ProcessorFiles {
  0: number
  1: number
  4: number
  5: number
}

export interface Processor {
  /** For /bin/sh. */
  command: string
  /** The descriptor of the directory to run in. */
  directory: number
  files: ProcessorFiles
}

export type Wait =
  /** Say the warning and let five seconds pass. The answer is nothing. */
  | { for: 'pause'; warning: string; why?: unknown }
  /** Run it; the answer is its end. The task is thrown the system's refusal to start it. */
  | ({ for: 'processor' } & Processor)

export type Task<Result> = Generator<Wait, Result, unknown>

export function* pause(warning: string, why?: unknown): Task<void> {
  yield { for: 'pause', warning, why }
}

export function* run(processor: Processor): Task<End> {
  return (yield { for: 'processor', ...processor }) as End
}

/** What performs tasks, one after the other. */
export interface Performer {
  /** Nothing is waited for: what can be done at once is in its turn. */
  readonly idle: boolean
  /** Performs the task when those before it are done. */
  do(task: Task<void>): void
}
