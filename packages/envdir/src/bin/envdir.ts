import { die, errnoTexts, exitCode, main, say } from '@daemontools-ts/command'
import { childProgram, editEnvironment, execProgram, inherited, prepareLauncher, type Setting } from '@daemontools-ts/unix'
import { readVariables, Refusal } from '../folder.ts'

main('envdir', ([, directory, ...child]) => {
  if (directory === undefined || child[0] === undefined) {
    say('envdir: usage: envdir dir child')
    process.exit(exitCode.refused) // unlike every other command
  }
  const environment = editEnvironment(inherited().environment, read(directory))
  const errno = execProgram(prepareLauncher(errnoTexts, { environment }), childProgram('envdir', child))
  die('envdir', `unable to run ${child[0]}`, { errno })
})

function read(directory: string): Setting[] {
  try {
    return readVariables(directory)
  } catch (error) {
    if (error instanceof Refusal) die('envdir', error.message, error.why)
    throw error
  }
}
