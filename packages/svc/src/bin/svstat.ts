import { die, main } from '@daemontools-ts/command'
import { restoreSignals, writeOutput } from '@daemontools-ts/unix'
import { openCurrentDirectory } from '../current.ts'
import { look } from '../look.ts'

main('svstat', ([, ...directories]) => {
  restoreSignals([])
  try {
    openCurrentDirectory()
  } catch (error) {
    die('svstat', 'unable to open current directory', error)
  }
  const lines = directories.map((dir) => `${dir}: ${look(dir)}\n`)
  try {
    writeOutput(lines.join(''))
  } catch {
    // svstat.c does not look either
  }
})
