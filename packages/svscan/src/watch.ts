import { warn } from '@daemontools-ts/command'
import { watch } from 'chokidar'

/** Calls back soon after names in the working directory have come or gone, and once when it begins to see that. */
export function watchFolder(onChange: () => void): void {
  let pending: NodeJS.Immediate | undefined
  let isReady = false
  const watcher = watch('.', { depth: 0, followSymlinks: false, ignoreInitial: true, ignorePermissionErrors: true })
  watcher.on('ready', () => {
    isReady = true
    onChange()
  })
  watcher.on('all', () => {
    // Until then it tells of each link that it finds.
    if (!isReady) return
    pending ??= setImmediate(() => {
      pending = undefined
      onChange()
    })
  })
  watcher.on('error', (error) => warn('svscan', 'unable to watch the directory, looking every 5 seconds', error))
}
