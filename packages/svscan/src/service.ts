import type { Carried, Supervisor } from '@daemontools-ts/supervise'
import type { HeldPipe, LogPipe } from './logpipe.ts'
import type { Entry } from './rescan.ts'

export interface Service {
  key: string
  name: string
  /** Only if it has a log/. */
  pipe: LogPipe | undefined
  main: Supervisor | undefined
  log: Supervisor | undefined
}

/** What is handed over of a service when svscan executes itself. */
export interface CarriedService {
  key: string
  name: string
  pipe?: HeldPipe
  main?: Carried
  log?: Carried
}

/** Whether nothing of it is to be started. */
export function isSupervised({ pipe, main, log }: Service): boolean {
  return main !== undefined && (pipe === undefined || log !== undefined)
}

/** What rescan.ts has to know of it. */
export function describe({ key, name, pipe, main, log }: Service): Entry {
  return { key, name, hasLog: pipe !== undefined, mainRunning: main !== undefined, logRunning: log !== undefined }
}
