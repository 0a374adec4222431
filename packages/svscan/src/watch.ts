import { warn } from '@daemontools-ts/command'
import { watch } from 'chokidar'

/** Calls back soon after names in the working directory have come or gone, once for a burst. */
export function watchFolder(onChange: () => void): void {
  let pending: NodeJS.Immediate | undefined
  const watcher = watch('.', { depth: 0, followSymlinks: false, ignoreInitial: true, ignorePermissionErrors: true })
  watcher.on('all', () => {
    pending ??= setImmediate(() => {
      pending = undefined
      onChange()
    })
  })
  watcher.on('error', (error) => warn('svscan', 'unable to watch the directory, looking every 5 seconds', error))
}
