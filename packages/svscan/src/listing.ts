import * as fs from 'node:fs'
import { bytes, errnoOf, fileExists, isSymbolicLink, readDirectory, readWhole, statFile, SystemError } from '@daemontools-ts/unix'
import { localDevices } from './local.ts'
import type { Listed } from './rescan.ts'

const ENOENT = 2
const ETIMEDOUT = 110
/** A file system that does not answer in this time is not waited for. */
const patienceMilliseconds = 1000

/**
 * Looks at the names in the working directory. Names that were last seen on a local file system are looked at here and now; a thread looks
 * at all others, so that one which hangs (a dead file server) hangs alone.
 */
export class Listing {
  /** The device on which each name was last seen. */
  readonly #devices = new Map<string, bigint>()
  /** Looks that have not come back. */
  readonly #pending = new Map<string, Promise<Listed>>()
  #local = new Set<bigint>()

  /**
   * Throws if the directory cannot be read.
   * @param hasLog Whether a service is known to have a log/: then it is not looked for again.
   */
  look(hasLog: (key: string) => boolean): Promise<Listed[]> {
    const names = readDirectory('.').filter((name) => !name.startsWith('.'))
    const isLocal = (name: string): boolean => this.#local.has(this.#devices.get(name) ?? -1n)
    if (!names.every(isLocal)) this.#local = localDevices(readWhole('/proc/self/mountinfo'))
    const present = new Set(names)
    for (const name of this.#devices.keys()) if (!present.has(name)) this.#devices.delete(name)
    return Promise.all(names.map((name) => (isLocal(name) ? this.#lookHere(name, hasLog) : this.#lookElsewhere(name, hasLog))))
  }

  #lookHere(name: string, hasLog: (key: string) => boolean): Listed {
    try {
      const { device, inode, isDirectory } = statFile(name)
      this.#devices.set(name, device)
      if (!isDirectory) return { name, type: 'other' }
      const key = `${device}:${inode}`
      return { name, type: 'directory', key, isLink: isSymbolicLink(name), log: hasLog(key) ? 'present' : lookForLog(name) }
    } catch (failure) {
      this.#devices.delete(name)
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
    const { dev, ino } = await fs.promises.stat(bytes(name), { bigint: true }).then((stat) => {
      this.#devices.set(name, stat.dev)
      return stat.isDirectory() ? stat : { dev: undefined, ino: undefined }
    })
    if (dev === undefined) return { name, type: 'other' }
    const key = `${dev}:${ino}`
    const isLink = isSymbolicLink(name)
    if (hasLog(key)) return { name, type: 'directory', key, isLink, log: 'present' }
    const log = await fs.promises.stat(bytes(`${name}/log`)).then(
      () => 'present' as const,
      (failure: unknown) => (errnoOf(failure) === ENOENT ? ('none' as const) : { failure }),
    )
    return { name, type: 'directory', key, isLink, log }
  }
}

function lookForLog(name: string): 'none' | 'present' | { failure: unknown } {
  try {
    return fileExists(`${name}/log`) ? 'present' : 'none'
  } catch (failure) {
    return { failure }
  }
}
