/** What a campaign must know of an implementation. */
import type { Kind } from './kind.ts'

export const peerNames = ['ours', 'c', 'runit', 's6'] as const
export type PeerName = (typeof peerNames)[number]

/** What a status tells, whatever its bytes. */
export interface Told {
  /** 0 means down. */
  pid: number
  paused: boolean
  wantedUp: boolean
}

export interface Peer {
  name: PeerName
  title: string
  version(): string
  /** Why there can be no campaign with it, or undefined. */
  whyNot(): string | undefined
  /** The kinds of fault that it does not know, and why. */
  unsupported: Readonly<Partial<Record<Kind, string>>>
  /** The command line for a folder of services, and its PATH. */
  command(services: string): readonly string[]
  path: string
  /** The names of its programs that supervise. */
  supervisors: ReadonlySet<string>
  /** The logger's command line, in words without blanks. It shall keep everything, in files of some 100 KB. */
  logger(folder: string): readonly string[]
  /** What must be there before it is started, in the folder of a log. */
  prepareLog?(folder: string): void
  /** Bytes that a logger has read and not yet written, at most. */
  mostRead: number
  /** Undefined while there is no complete status. */
  readStatus(dir: string): Told | undefined
  /** How a service has last ended, if that is told: a signal's name, an exit code, `unknown`. */
  readLastEnd?(dir: string): string | undefined
  /** Makes it look at its folder, where it does not by itself. */
  rescan?(services: string): void
  /** It ends a service whose link is gone. */
  stopsUnlinked?: boolean
  /** It lets its dead lie for seconds, and zombies are no leak. */
  collectsLate?: boolean
  /** How many descriptors of a sort, as in /proc/PID/fd with N for numbers, it may have more than when it was first started, for so many services and loggers. */
  moreDescriptors?(sort: string, units: number): number
  /** A line that it may say at any time. */
  words: RegExp
}
