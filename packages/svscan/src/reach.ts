/** Which services are where they may not answer, and which did not. */
import { errnoOf } from '@daemontools-ts/unix'
import type { Listed } from './rescan.ts'

const ETIMEDOUT = 110

export class Reach {
  /** By key. Kept when a name is gone: the service may run on. */
  readonly #mounts = new Map<string, string | undefined>()
  #hanging: ReadonlySet<string> = new Set()

  /** What a look has shown. */
  note(listing: readonly Listed[]): void {
    for (const listed of listing) if (listed.type === 'directory') this.#mounts.set(listed.key, listed.mount)
    const hangs = (listed: Listed): boolean => listed.type === 'failed' && errnoOf(listed.failure) === ETIMEDOUT
    this.#hanging = new Set(listing.filter(hangs).map(({ name }) => name))
  }

  /** See Supervisor.mount. */
  mountOf(key: string): string | undefined {
    return this.#mounts.get(key)
  }

  /** Whether this name did not answer. */
  hangs(name: string): boolean {
    return this.#hanging.has(name)
  }

  forget(key: string): void {
    this.#mounts.delete(key)
  }
}
