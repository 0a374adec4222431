/** All that the doctor looks at, as values. Paths and texts of files are byte strings. */
import type { Configuration } from '../configdump.ts'
import type { Doing } from '../daemon.ts'
import type { Layout } from '../layout.ts'
import type { Check as ServerCheck } from '../mail/check.ts'
import type { Polls } from '../mail/polls.ts'
import type { Supervision } from '../supervision.ts'
import type { Account, Entry } from '../system.ts'
import type { Listener } from './listener.ts'

export interface Facts {
  layout: Layout
  /** Milliseconds since 1970. */
  now: number
  /** Files can belong to accounts here: root installed it. */
  ownership: boolean
  /** Where fetchmail is, if it is anywhere on the PATH. */
  program: string | undefined
  accounts: ReadonlyMap<string, Account>
  entries: ReadonlyMap<string, Entry>
  /** run, finish and log/run as they are delivered, by path in the service directory. */
  delivered: ReadonlyMap<string, string>
  /** Bytes that the accounts may still write, by directory. */
  space: ReadonlyMap<string, number>
  /** What fetchmail understood; or what it said, and its exit code. Undefined if it was not asked. */
  configuration: { understood: Configuration } | { status: number | undefined; complaints: readonly string[] } | undefined
  /** A login at each server. Undefined if none was tried: why. */
  servers: readonly ServerCheck[]
  unasked: string | undefined
  /** Our mail servers, as the configuration names them. */
  listeners: readonly Listener[]
  supervision: Supervision
  logSupervision: Supervision
  /** What the service's process is doing. */
  doing: Doing | undefined
  polls: Polls
  /** The processes that are fetchmail and that pid/fetchmail.pid names: one at most, and it should be the service's. */
  strangers: readonly number[]
  /** Debian's own service is switched on. */
  distributionDaemon: boolean
  /** The name of this machine has an address. */
  hostResolves: boolean
  /** Mail servers that are installed here, by the name of their service. */
  mailServers: readonly string[]
}
