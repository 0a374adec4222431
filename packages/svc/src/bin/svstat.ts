import { main } from '@daemontools-ts/command'
import { restoreSignals, writeOutput } from '@daemontools-ts/unix'
import { look } from '../look.ts'

main('svstat', ([, ...directories]) => {
  restoreSignals([])
  const lines = directories.map((dir) => `${dir}: ${look(dir)}\n`)
  try {
    writeOutput(lines.join(''))
  } catch {
    // svstat.c does not look either
  }
})
