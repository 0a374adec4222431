import { say } from '@daemontools-ts/command'
import { inDirectory } from '@daemontools-ts/unix'
import { onTheSpot } from './blocking.ts'
import type { Performer } from './task.ts'

/** What a log has from the process that asked for it. */
export interface Surroundings {
  /** The descriptor of the directory that paths are relative to; undefined: the working directory. */
  from?: number
  performer: Performer
  /** Shows text on the standard error. */
  say(text: string): void
}

/** Of a multilog that runs alone. */
export const alone: Surroundings = { performer: onTheSpot, say }

/** The path of a file as the script names it. */
export function pathFrom({ from }: Pick<Surroundings, 'from'>, path: string): string {
  return from === undefined || path === '' || path[0] === '/' ? path : inDirectory(from, path)
}
