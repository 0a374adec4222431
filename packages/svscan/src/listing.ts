import * as fs from 'node:fs'
import { bytes, errnoOf, fileExists, isSymbolicLink, patiently, Prints, readDirectory, readLink, readWhole, statFile } from '@daemontools-ts/unix'
import { readMounts, remoteMount } from './local.ts'
import type { Listed } from './rescan.ts'

const ENOENT = 2
/** Where a look at a service leads, and later its supervisors. */
const ways = ['.', 'log', 'supervise', 'log/supervise']

/** Two changes closer than this may have the same time on disk, in nanoseconds. */
const resolution = 2_000_000_000n

/** What was found out about a name. Its link says what it said while its directory does not change. */
interface Known {
  target: string | undefined
  mount: string | undefined
  /** When it was changed as it had no log/ yet: it has none as long as that stays. */
  withoutLog?: bigint | undefined
}

/**
 * Looks at the names in the working directory. Names that lead to local file systems are looked at here and now; a thread looks at all others,
 * so that one which hangs (a dead file server) hangs alone.
 */
export class Listing {
  readonly #known = new Map<string, Known>()
  /** What the last look has found, and what it was found by; as long as that stays, the next one finds the same. */
  #last: { listing: Listed[]; prints: Prints } | undefined
  /** When the working directory was changed: what is known of links holds as long as that stays. */
  #changed: bigint | undefined
  #linksHold = false
  /** The working directory, and what was found on the ways from there, for one look. */
  #directory = ''
  readonly #links = new Map<string, string | undefined>()
  #mountinfo = ''
  #mounts: ReadonlyMap<string, boolean> = new Map()

  /**
   * Throws if the directory cannot be read. Gives the same list again where nothing has changed.
   * @param hasLog Whether a service is known to have a log/: then it is not looked for again.
   */
  async look(hasLog: (key: string) => boolean): Promise<Listed[]> {
    this.#readMounts()
    if (this.#last?.prints.haveChanged() === false) return this.#last.listing
    this.#last = undefined
    const { changed } = statFile('.')
    this.#linksHold = changed === this.#changed
    this.#changed = isSettled(changed) ? changed : undefined
    const names = readDirectory('.').filter((name) => !name.startsWith('.'))
    this.#directory = readLink('/proc/self/cwd')
    this.#links.clear()
    const present = new Set(names)
    for (const name of this.#known.keys()) if (!present.has(name)) this.#known.delete(name)
    const mounts = names.map((name) => this.#mountOf(name))
    // Before they are looked at: what changes from now on makes a difference.
    const prints = mounts.every((mount) => mount === undefined) ? new Prints(['.', ...names]) : undefined
    const lookAt = (name: string, mount: string | undefined): Listed | Promise<Listed> => (mount === undefined ? this.#lookHere(name, hasLog) : lookElsewhere(name, mount, hasLog))
    const listing = await Promise.all(names.map((name, index) => lookAt(name, mounts[index])))
    if (prints !== undefined && this.#changed !== undefined && listing.every((listed) => this.#stays(listed, hasLog))) this.#last = { listing, prints }
    return listing
  }

  /** Whether what was found is so as long as the file is the same and is not changed. */
  #stays(listed: Listed, hasLog: (key: string) => boolean): boolean {
    if (listed.type !== 'directory') return listed.type === 'other'
    return listed.mount === undefined && (hasLog(listed.key) || this.#known.get(listed.name)?.withoutLog !== undefined)
  }

  #readMounts(): void {
    const mountinfo = readWhole('/proc/self/mountinfo')
    if (mountinfo === this.#mountinfo) return
    this.#mountinfo = mountinfo
    this.#mounts = readMounts(mountinfo)
    this.#last = undefined
    this.#known.clear()
  }

  #mountOf(name: string): string | undefined {
    const known = this.#known.get(name)
    if (known !== undefined && this.#linksHold) return known.mount
    const target = linkTarget(name)
    if (known !== undefined && known.target === target) return known.mount
    let mount: string | undefined
    for (const way of ways) mount ??= this.#remoteMount(`${name}/${way}`)
    this.#known.set(name, { target, mount })
    return mount
  }

  #remoteMount(path: string): string | undefined {
    const readOnce = (path: string): string | undefined => {
      if (!this.#links.has(path)) this.#links.set(path, linkTarget(path))
      return this.#links.get(path)
    }
    return remoteMount(this.#directory, path, this.#mounts, readOnce)
  }

  #lookHere(name: string, hasLog: (key: string) => boolean): Listed | Promise<Listed> {
    try {
      const { device, inode, isDirectory, changed } = statFile(name)
      if (!isDirectory) return { name, type: 'other' }
      const key = `${device}:${inode}`
      const known = this.#known.get(name)!
      const isLink = known.target !== undefined
      if (hasLog(key)) return { name, type: 'directory', key, isLink, log: 'present' }
      if (known.withoutLog === changed) return { name, type: 'directory', key, isLink, log: 'none' }
      // It may have come since.
      const isLogLink = linkTarget(`${name}/log`) !== undefined
      const mount = isLogLink ? this.#remoteMount(`${name}/log`) : undefined
      if (mount !== undefined) return lookElsewhere(name, mount, hasLog)
      const log = lookForLog(name)
      known.withoutLog = log === 'none' && !isLogLink && isSettled(changed) ? changed : undefined
      return { name, type: 'directory', key, isLink, log }
    } catch (failure) {
      this.#known.delete(name)
      return { name, type: 'failed', failure }
    }
  }
}

/** Whether a change from now on will have another time than this one. */
function isSettled(changed: bigint): boolean {
  return BigInt(Date.now()) * 1_000_000n - changed > resolution
}

/** By a thread. */
function lookElsewhere(name: string, mount: string, hasLog: (key: string) => boolean): Promise<Listed> {
  const stat = (path: string): Promise<fs.BigIntStats> => fs.promises.stat(bytes(path), { bigint: true })
  const look = async (): Promise<Listed> => {
    const found = await stat(name)
    if (!found.isDirectory()) return { name, type: 'other' }
    const key = `${found.dev}:${found.ino}`
    const isLink = isSymbolicLink(name)
    // Its supervisors will need that to answer.
    for (const way of ['supervise', 'log/supervise']) await stat(`${name}/${way}`).catch(() => undefined)
    if (hasLog(key)) return { name, type: 'directory', key, isLink, log: 'present', mount }
    const log = await stat(`${name}/log`).then(
      () => 'present' as const,
      (failure: unknown) => (errnoOf(failure) === ENOENT ? ('none' as const) : { failure }),
    )
    return { name, type: 'directory', key, isLink, log, mount }
  }
  return patiently(mount, look).catch((failure: unknown) => ({ name, type: 'failed', failure }))
}

/** What a link says; undefined if there is no link of that name. */
function linkTarget(path: string): string | undefined {
  try {
    return isSymbolicLink(path) ? readLink(path) : undefined
  } catch {
    return undefined
  }
}

function lookForLog(name: string): 'none' | 'present' | { failure: unknown } {
  try {
    return fileExists(`${name}/log`) ? 'present' : 'none'
  } catch (failure) {
    return { failure }
  }
}
