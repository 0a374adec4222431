import { die, errnoTexts, main, usage } from '@daemontools-ts/command'
import { childProgram, execProgram, prepareLauncher, startSession } from '@daemontools-ts/unix'

main('pgrphack', ([, ...child]) => {
  if (child[0] === undefined) usage('pgrphack', 'pgrphack child')
  try {
    startSession()
  } catch {
    // it leads a process group already, which is what the program needs
  }
  const errno = execProgram(prepareLauncher(errnoTexts), childProgram('pgrphack', child))
  die('pgrphack', `unable to run ${child[0]}`, { errno })
})
