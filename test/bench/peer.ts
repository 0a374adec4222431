/** What a run must know of an implementation. */
import type { PeerName } from './column.ts'

/** What a logger shall do. */
export interface LogPlan {
  /** The most bytes of a file. */
  size: number
  /** Each line with a TAI64N label. */
  stamped?: true
  /** Only lines that contain this word. */
  word?: string
}

/** Programs that change something and execute another. */
export type LoaderName = 'setuidgid' | 'envuidgid' | 'envdir' | 'softlimit' | 'setlock' | 'pgrphack' | 'fghack' | 'chain'

/** What they are given. */
export interface LoaderGround {
  account: string
  /** Of files for an environment. */
  folder: string
  lock: string
}

export interface Peer {
  name: PeerName
  version(): string
  /** Why it cannot be measured, or undefined. */
  whyNot(): string | undefined
  /** For the environment of its supervisor. */
  path: string
  /** The command line that supervises a folder of services. */
  supervise(services: string, most: number): readonly string[]
  /** So many at most, if there is a limit. */
  mostServices?: number
  /** The names of its programs that supervise. */
  supervisors: ReadonlySet<string>
  /** Seconds from one look at its folder to the next, if it does not notice by itself. */
  lookSeconds?: number
  /** For how many times as long as its start was it rests, before it looks at its folder again. */
  restFactor?: number
  /** Makes it look, where it never does by itself. */
  rescan?(services: string): void
  /** The command line that sends HUP to a service. */
  signal(dir: string): readonly string[]
  /** By what it is done, before the words of the program that shall run; undefined: it has no such thing. */
  loader(name: LoaderName, ground: LoaderGround): readonly string[] | undefined
  /** The command line, without a descriptor of its own but 0; the folder is there. */
  logger(plan: LogPlan, folder: string): readonly string[]
  /** The command line of the process that loggers can share, which meet it in that folder. */
  sharedLogger?(folder: string): readonly string[]
  tai64n?: readonly string[]
  tai64nlocal?: readonly string[]
}
