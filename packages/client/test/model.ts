/** Made-up facts. */
import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import { fromUnix, type Tai64n } from '@daemontools-ts/tai64'
import type { Facts } from '../src/facts.ts'

/** Unix time in milliseconds of every look. */
export const now = 1_800_000_000_000
const boot = 'boot'
/** Milliseconds since boot. */
const monotonic = 1_000_000

/** A label so many seconds before the look. */
export function ago(seconds: number): Tai64n {
  const milliseconds = now - seconds * 1000
  return fromUnix(Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6)
}

/** Up for an hour, in the service folder. */
export function healthy(changes: Partial<Facts> = {}): Facts {
  return {
    ...{ name: 'web', path: '/service/web', isInRoot: true, root: '/service', now, monotonic, bootId: boot, presence: 'directory', target: undefined },
    ...{ supervision: 'running', status: up(3600), record: recordOf(up(3600)), runFault: undefined, files: new Map(), reason: undefined },
    ...{ recentEnds: undefined, processState: 'S', svscan: { pid: 1 }, log: undefined },
    ...changes,
  }
}

/** Supervised by the C programs: they keep no record. */
export function foreign(status: Status, changes: Partial<Facts> = {}): Facts {
  return healthy({ status, record: undefined, processState: status.pid === 0 ? undefined : 'S', ...changes })
}

export function ours(status: Status, record: Partial<StateRecord> = {}, changes: Partial<Facts> = {}): Facts {
  return healthy({ status, record: { ...recordOf(status), ...record }, processState: status.pid === 0 ? undefined : 'S', ...changes })
}

export function up(seconds: number, changes: Partial<Status> = {}): Status {
  return { changed: ago(seconds), pid: 42, paused: false, want: 'up', ...changes }
}

export function down(seconds: number, changes: Partial<Status> = {}): Status {
  return { changed: ago(seconds), pid: 0, paused: false, want: 'up', ...changes }
}

export function exit(code: number, seconds: number): StateRecord['lastExit'] {
  return { ending: { code }, at: ago(seconds) }
}

/** When its last run has begun, for a record: so many seconds before the look. */
export function started(seconds: number): StateRecord['monotonic'] {
  return { started: monotonic - seconds * 1000, notBefore: 0, killAt: undefined }
}

function recordOf({ changed, pid, paused, want }: Status): StateRecord {
  return {
    ...{ phase: pid === 0 ? 'down' : 'up', want, paused, exiting: false, failed: false, process: pid === 0 ? undefined : { pid, startTime: 7 }, bootId: boot, changed },
    ...{ ready: undefined, restarts: 0, lastExit: undefined, nextStart: undefined, delay: 0, keepers: [] },
    monotonic: started(0),
  }
}
