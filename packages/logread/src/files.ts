import { labelLength } from './line.ts'

/** An entry of a log directory. */
export interface Entry {
  name: string
  device: bigint
  inode: bigint
  /** Permission bits. */
  mode: number
  /** Bytes. */
  size: number
}

/** The label in the name of an old file: no line in it is later. '' for `current` and `previous`. */
export function labelOf(name: string): string {
  return name.startsWith('@') ? name.slice(0, labelLength) : ''
}

/**
 * The files of a log directory that multilog, svlogd or s6-log keeps, in the order in which they were written.
 *
 * While a processor is at work `previous` is what it reads and `processed` what it writes; that one counts when multilog has set its x bit, as
 * multilog's own recovery has it.
 */
export function orderFiles(entries: readonly Entry[]): Entry[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const old = entries.filter(({ name }) => isOldFile(name, byName)).sort((one, other) => (one.name < other.name ? -1 : 1))
  const processed = byName.get('processed')
  const previous = processed !== undefined && (processed.mode & 0o100) !== 0 ? processed : byName.get('previous')
  // multilog links it to its new name before it takes the old one away
  const isLinked = previous !== undefined && old.some((entry) => isSameFile(entry, previous))
  const current = byName.get('current')
  return [...old, ...(previous === undefined || isLinked ? [] : [previous]), ...(current === undefined ? [] : [current])]
}

export function isSameFile(one: Pick<Entry, 'device' | 'inode'>, other: Pick<Entry, 'device' | 'inode'>): boolean {
  return one.inode === other.inode && one.device === other.device
}

/** Somebody may have compressed one of them; while that happens there are both. svlogd's `.t` is half of one. */
function isOldFile(name: string, byName: ReadonlyMap<string, Entry>): boolean {
  const match = /^(@[0-9a-f]{24}\.[su])(\.gz)?$/.exec(name)
  if (match === null) return /^@[0-9a-f]{24}$/.test(name)
  return match[2] === undefined || !byName.has(match[1]!)
}
