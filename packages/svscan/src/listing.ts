import * as fs from 'node:fs'
import { bytes, errnoOf, fileExists, isSymbolicLink, readDirectory, readLink, readWhole, statFile, SystemError } from '@daemontools-ts/unix'
import { readMounts, staysLocal } from './local.ts'
import type { Listed } from './rescan.ts'

const ENOENT = 2
const ETIMEDOUT = 110
/** A file system that does not answer in this time is not waited for. */
const patienceMilliseconds = 1000
/** Looks by threads at a time. Those that hang keep their threads, and the process needs some for other things. */
const mostThreads = 8
/** Where a look at a service leads, and later its supervisors. */
const ways = ['.', 'log', 'supervise', 'log/supervise']

/**
 * Looks at the names in the working directory. Names that lead to local file systems are looked at here and now; a thread looks at all others,
 * so that one which hangs (a dead file server) hangs alone.
 */
export class Listing {
  /** What each name says as a link, and whether it leads to local file systems only. */
  readonly #known = new Map<string, { target: string | undefined; isLocal: boolean }>()
  /** The working directory, and what was found on the ways from there, for one look. */
  #directory = ''
  readonly #links = new Map<string, string | undefined>()
  #mountinfo = ''
  #mounts: ReadonlyMap<string, boolean> = new Map()
  /** Looks that have not come back. */
  readonly #pending = new Map<string, Promise<Listed>>()
  #threads = 0
  readonly #waiting: (() => void)[] = []

  /**
   * Throws if the directory cannot be read.
   * @param hasLog Whether a service is known to have a log/: then it is not looked for again.
   */
  look(hasLog: (key: string) => boolean): Promise<Listed[]> {
    const names = readDirectory('.').filter((name) => !name.startsWith('.'))
    this.#readMounts()
    this.#directory = readLink('/proc/self/cwd')
    this.#links.clear()
    const present = new Set(names)
    for (const name of this.#known.keys()) if (!present.has(name)) this.#known.delete(name)
    return Promise.all(names.map((name) => (this.#isLocal(name) ? this.#lookHere(name, hasLog) : this.#lookElsewhere(name, hasLog))))
  }

  #readMounts(): void {
    const mountinfo = readWhole('/proc/self/mountinfo')
    if (mountinfo === this.#mountinfo) return
    this.#mountinfo = mountinfo
    this.#mounts = readMounts(mountinfo)
    this.#known.clear()
  }

  #isLocal(name: string): boolean {
    const target = linkTarget(name)
    const known = this.#known.get(name)
    if (known !== undefined && known.target === target) return known.isLocal
    const isLocal = ways.every((way) => this.#staysLocal(`${name}/${way}`))
    this.#known.set(name, { target, isLocal })
    return isLocal
  }

  #staysLocal(path: string): boolean {
    const readOnce = (path: string): string | undefined => {
      if (!this.#links.has(path)) this.#links.set(path, linkTarget(path))
      return this.#links.get(path)
    }
    return staysLocal(this.#directory, path, this.#mounts, readOnce)
  }

  #lookHere(name: string, hasLog: (key: string) => boolean): Listed | Promise<Listed> {
    try {
      const { device, inode, isDirectory } = statFile(name)
      if (!isDirectory) return { name, type: 'other' }
      const key = `${device}:${inode}`
      const isLink = this.#known.get(name)?.target !== undefined
      if (hasLog(key)) return { name, type: 'directory', key, isLink, log: 'present' }
      // It may have come since.
      if (linkTarget(`${name}/log`) !== undefined && !this.#staysLocal(`${name}/log`)) return this.#lookElsewhere(name, hasLog)
      return { name, type: 'directory', key, isLink, log: lookForLog(name) }
    } catch (failure) {
      this.#known.delete(name)
      return { name, type: 'failed', failure }
    }
  }

  #lookElsewhere(name: string, hasLog: (key: string) => boolean): Promise<Listed> {
    const failed = (failure: unknown): Listed => ({ name, type: 'failed', failure })
    const look = this.#pending.get(name) ?? this.#lookByThread(name, hasLog).catch(failed).finally(() => this.#pending.delete(name))
    this.#pending.set(name, look)
    return new Promise((resolve) => {
      const timeout = setTimeout(() => resolve(failed(new SystemError('stat', ETIMEDOUT))), patienceMilliseconds)
      void look.then((listed) => {
        clearTimeout(timeout)
        resolve(listed)
      })
    })
  }

  async #lookByThread(name: string, hasLog: (key: string) => boolean): Promise<Listed> {
    if (this.#threads >= mostThreads) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#threads++
    try {
      const { dev, ino, isDirectory } = await fs.promises.stat(bytes(name), { bigint: true }).then((stat) => ({ ...stat, isDirectory: stat.isDirectory() }))
      if (!isDirectory) return { name, type: 'other' }
      const key = `${dev}:${ino}`
      const isLink = isSymbolicLink(name)
      // Its supervisors will need that to answer.
      for (const way of ['supervise', 'log/supervise']) await fs.promises.stat(bytes(`${name}/${way}`)).catch(() => undefined)
      if (hasLog(key)) return { name, type: 'directory', key, isLink, log: 'present' }
      const log = await fs.promises.stat(bytes(`${name}/log`)).then(
        () => 'present' as const,
        (failure: unknown) => (errnoOf(failure) === ENOENT ? ('none' as const) : { failure }),
      )
      return { name, type: 'directory', key, isLink, log }
    } finally {
      this.#threads--
      this.#waiting.shift()?.()
    }
  }
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
