/** What can be seen of a service directory at one moment. lookAt() gathers it; everything that is concluded from it is a pure function. */
import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import type { ProgramFault } from './program.ts'

/** `dangling`: a link that leads nowhere. `denied`: it may not be entered. */
export type Presence = 'directory' | 'missing' | 'dangling' | 'file' | 'denied'

/** Whether somebody has supervise/ok open: `absent`, not now; `never`, there is none; `denied`, that may not be seen. */
export type Supervision = 'running' | 'absent' | 'never' | 'denied'

export interface Facts {
  name: string
  path: string
  /** Whether the service folder has it, or has the service whose log it is. */
  isInRoot: boolean
  /** The service folder. */
  root: string
  /** When it was looked at: Unix time and the monotonic clock of this boot, in milliseconds. */
  now: number
  monotonic: number
  bootId: string
  presence: Presence
  /** Where the link leads, if it is one. */
  target: string | undefined
  supervision: Supervision
  status: Status | undefined
  /** supervise/state.json, where it was written along with that status. */
  record: StateRecord | undefined
  /** What is wrong with ./run. */
  runFault: ProgramFault | undefined
  /** The optional files that are there, by name, with the text of those that have one. */
  files: ReadonlyMap<string, string>
  /** What finish left in supervise/reason about the last end. */
  reason: Reason | undefined
  /** How many times it has ended in the last minute, by supervise/death_tally. */
  recentEnds: number | undefined
  /** The state letter of its process in /proc/PID/stat. */
  processState: string | undefined
  /** The svscan that watches the service folder; `undefined` where nobody has looked, `null` where there is none. */
  svscan?: { pid: number } | null | undefined
  /** How often it was seen to start while it was watched for some seconds, if it was. */
  startsSeen?: number | undefined
  log: LogFacts | undefined
}

/** One line, `CAUSE - CURE`. */
export interface Reason {
  cause: string
  cure: string | undefined
}

export interface LogFacts {
  /** log/ as a service directory. */
  service: Facts
  /** Where its lines are; undefined: that is not to be found out. */
  directory: string | undefined
  /** What is in the way of writing there. */
  fault: LogFault | undefined
  /** When the last line was written, Unix time in milliseconds. */
  lastLineAt: number | undefined
}

export type LogFault =
  | { type: 'missing'; path: string }
  /** It belongs to another than the account under which log/run runs the logger. */
  | { type: 'owner'; path: string; account: string }
  | { type: 'full'; path: string }
