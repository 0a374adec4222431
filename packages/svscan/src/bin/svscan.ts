import { die, exitCode, main, outliveErrors, usage } from '@daemontools-ts/command'
import { prepareServices } from '@daemontools-ts/supervise'
import { type Ending, exitNow, inDirectory, liveThriftily, openDirectory, raiseOpenFiles, reapChildren, releaseCode, reservePlaces, restoreSignals, showTitle } from '@daemontools-ts/unix'
import { exitCodeOf } from '../ending.ts'
import { parseOptions } from '../options.ts'
import { ServiceFolder } from '../svscan.ts'
import { isAskedWhetherItStarts, resumed, upgrade } from '../upgrade.ts'
import { watchFolder } from '../watch.ts'

/** svscan.c's: the safety net under the watching. */
const rescanMilliseconds = 5000
/** In looks that find nothing to do. To take the code that a look needs from the file again takes longer than the look, so not after each. */
const isReleaseDue = (quietLooks: number): boolean => quietLooks === 1 || quietLooks === 3 || (quietLooks > 0 && quietLooks % 12 === 0)
/** Threads that may hang in file systems that do not answer, before looks at others have to wait. */
const threads = 16

main('svscan', (args) => {
  liveThriftily()
  process.env['UV_THREADPOOL_SIZE'] = `${threads}`
  if (isAskedWhetherItStarts(args)) return reservePlaces(prepareServices()) // that loads the rest
  const isFirstProcess = process.pid === 1
  const options = parseOptions(args, isFirstProcess)
  if (options === undefined) usage('svscan', 'svscan [ --stop-timeout seconds ] [ dir ]')
  const { dir, stopTimeout } = options
  // Before anything is opened or inherited by somebody.
  const carried = resumed()
  restoreSignals(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGALRM', 'SIGPIPE', 'SIGXFSZ'])
  showTitle(['svscan', ...(dir === undefined ? [] : [dir])].join(' '))
  if (dir !== undefined && carried === undefined) enter(dir)
  raiseOpenFiles()
  outliveErrors('svscan')
  reapChildren()

  const launcher = prepareServices()
  reservePlaces(launcher)
  const stop = (code: number): void => folder.stop(stopTimeout, (killed) => exitNow(killed && code === 0 ? exitCode.refused : code))
  const folder = new ServiceFolder(launcher, (ending: Ending) => stop(exitCodeOf(ending)))
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  // What LXC asks process 1 to do.
  if (isFirstProcess) process.on('SIGPWR', () => stop(0))
  process.on('SIGQUIT', () => exitNow(0))
  process.on('SIGHUP', () => upgrade(folder, launcher))
  process.on('SIGALRM', () => folder.scan('asked'))

  if (carried !== undefined) folder.resume(carried)
  folder.scan('periodic')
  setInterval(() => {
    folder.scan('periodic')
    if (isReleaseDue(folder.quietLooks)) releaseCode()
  }, rescanMilliseconds)
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
