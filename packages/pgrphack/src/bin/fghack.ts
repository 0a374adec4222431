import { die, errnoTexts, main, usage } from '@daemontools-ts/command'
import { childProgram, closeFile, drainPipe, expectDescriptors, freeDescriptors, inherited, makePipe, type Pipe, prepareLauncher, restoreSignals, spawnProgram, waitForChild } from '@daemontools-ts/unix'
import { endingOf } from '../ending.ts'

/** How often the program inherits the pipe, so that it is unlikely to close every copy: fghack.c makes 30 beside the first. */
const copies = 31

main('fghack', ([, ...child]) => {
  if (child[0] === undefined) usage('fghack', 'fghack child')
  const pipe = attempt('unable to create pipe', makeTestedPipe)
  // C's child closes its reading end before it makes the copies, so they get every low number.
  const files = Object.fromEntries(freeDescriptors(inherited(), copies).map((fd) => [fd, pipe.write]))
  const { pid } = attempt('unable to fork', () => spawnProgram(prepareLauncher(errnoTexts), childProgram('fghack', child), { directory: -1, files }))
  closeFile(pipe.write)
  restoreSignals([])
  drainPipe(pipe.read)
  const ending = endingOf(waitForChild(pid), inherited().ignoredSignals)
  if ('complaint' in ending) die('fghack', ending.complaint, ending.errno === undefined ? undefined : ending)
  process.exit(ending.code)
})

function makeTestedPipe(): Pipe {
  expectDescriptors(inherited(), 2)
  return makePipe()
}

function attempt<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    return die('fghack', what, error)
  }
}
