/** What one look at the service folder leads to, as a pure function: svscan.c's start() over all names, then its clean-up. */

/** A service that svscan knows. Its key is its directory's device and inode, so a renamed link is the same service. */
export interface Entry {
  key: string
  /** As it was first seen. */
  name: string
  hasLog: boolean
  mainRunning: boolean
  logRunning: boolean
}

/** A name in the folder and what stat(2) said of it. */
export type Listed =
  /** `mount`: where the file system is mounted on which it is, or something of it, if that is one that may not answer. */
  | { name: string; type: 'directory'; key: string; isLink: boolean; log: 'none' | 'present' | { failure: unknown }; mount?: string }
  | { name: string; type: 'other' }
  | { name: string; type: 'failed'; failure: unknown }

export type Action =
  | { do: 'warn'; what: string; why: unknown }
  | { do: 'add'; key: string; name: string; hasLog: boolean }
  /** A service that was known without a log has one now. */
  | { do: 'addLog'; key: string }
  | { do: 'supervise'; key: string }
  | { do: 'superviseLog'; key: string }
  | { do: 'drop'; key: string }

/** Whether the clock asks for this look, somebody by a signal, or a change in the folder, just now. */
export type Occasion = 'periodic' | 'asked' | 'change'

/**
 * The actions, in the order in which they are to be done. `log` of a listed name matters only where the service has none yet.
 *
 * A new link is a whole service in one system call, so it is taken up at once. A new directory may still be being filled, and so may a new
 * log/: they wait for the next periodic look, as long as they would have with C.
 */
export function rescan(known: ReadonlyMap<string, Entry>, listing: readonly Listed[], occasion: Occasion): Action[] {
  const additions: Action[] = []
  const actions: Action[] = []
  const seen = new Set<string>()
  for (const listed of listing) {
    if (listed.name.startsWith('.') || listed.type === 'other') continue
    if (listed.type === 'failed') {
      actions.push({ do: 'warn', what: `unable to stat ${listed.name}`, why: listed.failure })
      continue
    }
    const { key, name, log } = listed
    if (seen.has(key)) continue // a second link to the same directory
    const entry = known.get(key)
    const isNew = entry === undefined
    if (isNew && occasion === 'change' && !listed.isLink) continue
    if (entry?.hasLog !== true && typeof log === 'object') {
      actions.push({ do: 'warn', what: `unable to stat ${name}/log`, why: log.failure })
      if (isNew) continue
    }
    seen.add(key)
    const addsLog = !isNew && !entry.hasLog && log === 'present' && occasion !== 'change'
    if (isNew) additions.push({ do: 'add', key, name, hasLog: log === 'present' })
    else if (addsLog) additions.push({ do: 'addLog', key })
    if (entry?.mainRunning !== true) actions.push({ do: 'supervise', key })
    const hasLog = isNew ? log === 'present' : entry.hasLog || addsLog
    if (hasLog && entry?.logRunning !== true) actions.push({ do: 'superviseLog', key })
  }
  for (const entry of known.values()) {
    if (!seen.has(entry.key) && !entry.mainRunning && !entry.logRunning) actions.push({ do: 'drop', key: entry.key })
  }
  // All pipes are there before anything is started.
  return [...additions, ...actions]
}
