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
  | { name: string; type: 'directory'; key: string; isLink: boolean; log: 'none' | 'present' | { failure: unknown } }
  | { name: string; type: 'other' }
  | { name: string; type: 'failed'; failure: unknown }

export type Action =
  | { do: 'warn'; what: string; why: unknown }
  | { do: 'add'; key: string; name: string; hasLog: boolean }
  | { do: 'supervise'; key: string }
  | { do: 'superviseLog'; key: string }
  | { do: 'drop'; key: string }

/** Whether the clock asks for this look, or a change in the folder, just now. */
export type Occasion = 'periodic' | 'change'

/**
 * The actions, in the order in which they are to be done. `log` of a listed name matters only where the service is new.
 *
 * A new link is a whole service in one system call, so it is taken up at once. A new directory may still be being filled, and is
 * looked into for log/ only once: it waits for the next periodic look, as long as it would have with C.
 */
export function rescan(known: ReadonlyMap<string, Entry>, listing: readonly Listed[], occasion: Occasion): Action[] {
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
    if (entry === undefined) {
      if (occasion === 'change' && !listed.isLink) continue
      if (typeof log === 'object') {
        actions.push({ do: 'warn', what: `unable to stat ${name}/log`, why: log.failure })
        continue
      }
      actions.push({ do: 'add', key, name, hasLog: log === 'present' })
    }
    seen.add(key)
    if (entry?.mainRunning !== true) actions.push({ do: 'supervise', key })
    if ((entry?.hasLog ?? log === 'present') && entry?.logRunning !== true) actions.push({ do: 'superviseLog', key })
  }
  for (const entry of known.values()) {
    if (!seen.has(entry.key) && !entry.mainRunning && !entry.logRunning) actions.push({ do: 'drop', key: entry.key })
  }
  return actions
}
