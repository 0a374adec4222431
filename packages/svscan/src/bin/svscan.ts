import { die, main, outliveErrors } from '@daemontools-ts/command'
import { prepareServices } from '@daemontools-ts/supervise'
import { inDirectory, openDirectory, restoreSignals } from '@daemontools-ts/unix'
import { ServiceFolder } from '../svscan.ts'
import { watchFolder } from '../watch.ts'

/** svscan.c's: the safety net under the watching. */
const rescanMilliseconds = 5000

main('svscan', ([, dir]) => {
  restoreSignals(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGALRM', 'SIGPIPE', 'SIGXFSZ'])
  process.title = ['svscan', ...(dir === undefined ? [] : [dir])].join(' ')
  if (dir !== undefined) enter(dir)
  const folder = new ServiceFolder(prepareServices())

  outliveErrors('svscan')
  const stop = (): void => folder.stop(() => process.exit(0))
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGQUIT', () => process.exit(0))
  process.on('SIGALRM', () => folder.scan('periodic'))

  folder.scan('periodic')
  setInterval(() => folder.scan('periodic'), rescanMilliseconds)
  watchFolder(() => folder.scan('change'))
})

function enter(dir: string): void {
  try {
    // process.chdir takes text only; this takes any bytes.
    process.chdir(inDirectory(openDirectory(dir), '.'))
  } catch (error) {
    die('svscan', `unable to chdir to ${dir}`, error)
  }
}
