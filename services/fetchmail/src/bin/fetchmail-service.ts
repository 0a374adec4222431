/** fetchmail-service: installs the service that the 2003 page builds by hand, says how it does and what is wrong, polls, reloads. */
import { giveUp, main, say } from '@daemontools-ts/command'
import { runCommandLine } from '../cli.ts'
import { Failure, outcome } from '../outcome.ts'

const program = 'fetchmail-service'

main(program, ([, ...words]) => {
  runCommandLine(words).then((code) => process.exit(code), end)
})

function end(error: unknown): never {
  if (!(error instanceof Failure)) {
    say(`${program}: fatal: internal error: ${error instanceof Error ? error.stack : String(error)}`)
    process.exit(outcome.bug)
  }
  giveUp(program, error.message, error.why)
  if (error.next !== undefined) say(`${program}: ${error.next}`)
  process.exit(error.code)
}
