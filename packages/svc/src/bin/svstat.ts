import { main } from '@daemontools-ts/command'
import { writeOutput } from '@daemontools-ts/unix'
import { look } from '../look.ts'

main('svstat', ([, ...directories]) => {
  writeOutput(directories.map((dir) => `${dir}: ${look(dir)}\n`).join(''))
})
