import { die, exitCode, main, usage } from '@daemontools-ts/command'
import { errnoOf, inDirectory, openDirectory, openFile } from '@daemontools-ts/unix'

const ENOENT = 2
const ENXIO = 6

main('svok', ([, dir]) => {
  if (dir === undefined) usage('svok', 'svok dir')
  let directory: number
  try {
    directory = openDirectory(dir)
  } catch (error) {
    die('svok', `unable to chdir to ${dir}`, error)
  }
  try {
    openFile(inDirectory(directory, 'supervise/ok'), 'write')
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === ENOENT || errno === ENXIO) process.exit(exitCode.misuse)
    die('svok', `unable to open ${dir}/supervise/ok`, error)
  }
})
