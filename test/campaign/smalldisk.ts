/** A file system so small that it can be filled at once: a tmpfs, in a mount namespace that is ours alone. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'

const sizeMegabytes = 48

export class SmallDisk {
  readonly #folder: string
  readonly #isMounted: boolean

  /** @param isMounted If not, it is a plain folder, and is never filled. */
  constructor(folder: string, isMounted: boolean) {
    this.#folder = folder
    this.#isMounted = isMounted
    if (isMounted) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m,mode=755`, 'tmpfs', folder])
  }

  /** Until no byte can be written. */
  fill(): void {
    if (!this.#isMounted) throw new Error('not a disk of our own')
    const fd = fs.openSync(this.#filler, 'a')
    let size = 1 << 20
    while (size > 0) {
      try {
        fs.writeSync(fd, Buffer.alloc(size))
      } catch {
        size >>= 1
      }
    }
    fs.closeSync(fd)
  }

  free(): void {
    fs.rmSync(this.#filler, { force: true })
  }

  remove(): void {
    if (this.#isMounted) execFileSync('umount', ['--lazy', this.#folder])
  }

  get #filler(): string {
    return join(this.#folder, 'filler')
  }
}
