import { die, exitCode, main, say, warn } from '@daemontools-ts/command'
import { openCurrentDirectory } from '../current.ts'
import { parseRequest } from '../letters.ts'
import { sendLetters } from '../send.ts'

main('svc', (args) => {
  const request = parseRequest(args)
  if ('complaints' in request) {
    request.complaints.forEach(say)
    process.exit(exitCode.misuse)
  }
  try {
    openCurrentDirectory()
  } catch (error) {
    die('svc', 'unable to open current directory', error)
  }
  for (const dir of request.directories) {
    const failure = sendLetters(dir, request.letters)
    if (failure !== undefined) warn('svc', failure.what, failure.why)
  }
})
