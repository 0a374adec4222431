import { die, errnoTexts, exitCode, main, say } from '@daemontools-ts/command'
import { childProgram, execProgram, inherited, prepareLauncher } from '@daemontools-ts/unix'
import { parseRequest } from '../limits.ts'

main('softlimit', (args) => {
  const request = parseRequest(args, inherited().limits)
  if ('complaints' in request) {
    request.complaints.forEach(say)
    process.exit(exitCode.misuse)
  }
  // They are put in place just before the program is executed: nothing of ours ever runs under them.
  const errno = execProgram(prepareLauncher(errnoTexts, { limits: request.limits }), childProgram('softlimit', request.child))
  die('softlimit', `unable to run ${request.child[0]}`, { errno })
})
