/** When to look again: the kernel says when something changes in a directory. */
import * as fs from 'node:fs'
import { join } from 'node:path'

/** A look without being told: what changes where nothing is told (a directory that is not there yet, NFS) is seen so late. */
export const slowMilliseconds = 2000
/** Changes that come together are one. */
const settleMilliseconds = 5

/**
 * Yields at once, and then whenever something may have changed in one of the directories, until the signal aborts: those that have changed, or
 * undefined where any may have: at first, and when the pause has passed.
 * @param directories Asked for before each wait: there may be others by then. @param pause In how many milliseconds to look again at the latest.
 */
export async function* watchDirectories(directories: () => readonly string[], signal?: AbortSignal, pause = (): number => slowMilliseconds): AsyncGenerator<ReadonlySet<string> | undefined, void> {
  const watchers = new Map<string, fs.FSWatcher>()
  let changed = new Set<string>()
  let wake = (): void => undefined
  const note = (directory: string): void => {
    changed.add(directory)
    wake()
  }
  const isAborted = (): boolean => signal?.aborted === true
  const abort = (): void => wake()
  signal?.addEventListener('abort', abort)
  try {
    for (let told: ReadonlySet<string> | undefined; !isAborted(); ) {
      renew(watchers, directories(), note)
      yield told
      if (isAborted()) return
      // What came while it was looked at counts: the look may have been before it.
      if (changed.size === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, pause()))
          wake = () => (clearTimeout(timer), setTimeout(resolve, settleMilliseconds), undefined)
        })
      }
      told = changed.size === 0 ? undefined : changed
      changed = new Set()
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    for (const watcher of watchers.values()) watcher.close()
  }
}

/** The directories whose changes are those of a service: supervise/ of its own and of its log. */
export function directoriesOfService(path: string): string[] {
  return [join(path, 'supervise'), join(path, 'log/supervise')]
}

function renew(watchers: Map<string, fs.FSWatcher>, directories: readonly string[], onChange: (directory: string) => void): void {
  const wanted = new Set(directories)
  for (const [directory, watcher] of watchers) {
    if (wanted.has(directory)) continue
    watcher.close()
    watchers.delete(directory)
  }
  for (const directory of wanted) {
    if (watchers.has(directory)) continue
    try {
      const watcher = fs.watch(directory, { persistent: false }, () => onChange(directory))
      const forget = (): void => (watcher.close(), watchers.delete(directory), onChange(directory))
      watcher.on('error', forget)
      watchers.set(directory, watcher)
    } catch {
      // not there, or closed to us: the slow look has to do
    }
  }
}
