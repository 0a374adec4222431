import * as fs from 'node:fs'
import { bytes } from '@daemontools-ts/unix'

/** So long after a change the other logs have theirs too, and all are shown in order. */
const settleMilliseconds = 20
/** For file systems that tell of no changes, and for directories that were replaced. */
const lookMilliseconds = 5000

/** Tells which of many directories have changed. It does not poll, but for a slow look at all. */
export class Watch {
  readonly #watchers = new Map<string, { watcher: fs.FSWatcher; inode: bigint }>()
  readonly #paths = new Set<string>()
  #changed = new Set<string>()
  #looked = performance.now()
  #wake: () => void = () => undefined

  /** Directories that are not there are looked for again at each slow look. */
  add(path: string): void {
    if (this.#paths.has(path)) return
    this.#paths.add(path)
    this.#begin(path)
  }

  /** Waits until something has changed, and gives the paths; undefined when it is time to look at all; at once if `signal` is aborted. */
  async change(signal: AbortSignal | undefined): Promise<ReadonlySet<string> | undefined> {
    const rest = this.#looked + lookMilliseconds - performance.now()
    if (this.#changed.size === 0) await this.#sleep(Math.max(0, rest), signal)
    if (this.#changed.size > 0) {
      this.#wake = () => undefined
      await pause(settleMilliseconds, signal)
    }
    const changed = this.#changed
    this.#changed = new Set()
    if (performance.now() < this.#looked + lookMilliseconds) return changed
    this.#lookAgain()
    return undefined
  }

  close(): void {
    for (const { watcher } of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  async #sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const waking = new AbortController()
    this.#wake = () => waking.abort()
    await pause(milliseconds, signal, waking.signal)
  }

  #begin(path: string): void {
    try {
      const watcher = fs.watch(bytes(path), () => this.#ring(path))
      watcher.on('error', () => this.#end(path))
      this.#watchers.set(path, { watcher, inode: inodeOf(path) })
    } catch {
      // not there, or too many watches: the slow look sees to it
    }
  }

  #end(path: string): void {
    this.#watchers.get(path)?.watcher.close()
    this.#watchers.delete(path)
  }

  #ring(path: string): void {
    this.#changed.add(path)
    this.#wake()
  }

  /** A directory that was made anew is another one. */
  #lookAgain(): void {
    this.#looked = performance.now()
    for (const path of this.#paths) {
      const watched = this.#watchers.get(path)
      if (watched !== undefined && watched.inode === inodeOf(path)) continue
      this.#end(path)
      this.#begin(path)
    }
  }
}

function inodeOf(path: string): bigint {
  return fs.statSync(bytes(path), { bigint: true, throwIfNoEntry: false })?.ino ?? 0n
}

/** Until one of the signals is aborted, at most so long. */
function pause(milliseconds: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal?.aborted === true)) return resolve()
    const finish = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    for (const signal of signals) signal?.addEventListener('abort', finish, { once: true })
  })
}
