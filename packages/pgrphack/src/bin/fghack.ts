import { die, errnoTexts, main, usage } from '@daemontools-ts/command'
import { childProgram, closeFile, drainPipe, expectDescriptors, freeDescriptors, inherited, makePipe, type Pipe, prepareLauncher, restoreSignals, spawnProgram } from '@daemontools-ts/unix'
import { endingOf } from '../ending.ts'

/** How often the program inherits the pipe, so that it is unlikely to close every copy: fghack.c makes 30 beside the first. */
const copies = 31

main('fghack', ([, ...child]) => {
  if (child[0] === undefined) usage('fghack', 'fghack child')
  const pipe = makeOrDie()
  // C's child closes its reading end before it makes the copies, so they get every low number.
  const files = Object.fromEntries(freeDescriptors(inherited(), copies).map((fd) => [fd, pipe.write]))
  spawnProgram(prepareLauncher(errnoTexts), childProgram('fghack', child), {
    directory: -1,
    files,
    onExit(end) {
      const ending = endingOf(end, inherited().ignoredSignals)
      if ('complaint' in ending) die('fghack', ending.complaint, ending.errno === undefined ? undefined : ending)
      process.exit(ending.code)
    },
    onFail: (error) => die('fghack', 'unable to fork', error),
  })
  closeFile(pipe.write)
  restoreSignals([])
  drainPipe(pipe.read)
})

function makeOrDie(): Pipe {
  try {
    expectDescriptors(inherited(), 2)
    return makePipe()
  } catch (error) {
    die('fghack', 'unable to create pipe', error)
  }
}
