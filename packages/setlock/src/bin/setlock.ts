import { die, errnoTexts, exitCode, main, say } from '@daemontools-ts/command'
import { childProgram, execProgram, expectDescriptors, freeDescriptors, inherited, lockFile, openFile, prepareLauncher, restoreSignals } from '@daemontools-ts/unix'
import { type Order, parseRequest } from '../request.ts'

main('setlock', (args) => {
  const order = parseRequest(args)
  if ('complaints' in order) {
    order.complaints.forEach(say)
    process.exit(exitCode.misuse)
  }
  const lock = attempt(order, `unable to open ${order.file}`, () => {
    expectDescriptors(inherited(), 1)
    return openFile(order.file, 'append')
  })
  // It may be a long wait: signals do to us what they would do to a C program.
  restoreSignals([])
  attempt(order, `unable to lock ${order.file}`, () => lockFile(lock, order.wait))
  // Nobody closes it: the program and its descendants hold the lock, on the number that open(2) gives to a C program.
  const [place] = freeDescriptors(inherited(), 1)
  const errno = execProgram(prepareLauncher(errnoTexts), childProgram('setlock', order.child), { [place!]: lock })
  die('setlock', `unable to run ${order.child[0]}`, { errno })
})

function attempt<T>({ silent }: Order, what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (silent) process.exit(0)
    die('setlock', what, error)
  }
}
