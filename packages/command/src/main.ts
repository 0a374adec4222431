import { inherited } from '@daemontools-ts/unix'
import { exitCode, say } from './complain.ts'

/**
 * Runs a command on its arguments, argv[0] first, each a byte string. An error that nobody expected is said and ends it with 101.
 */
export function main(program: string, run: (args: readonly string[]) => void): void {
  try {
    run(inherited().args)
  } catch (error) {
    say(`${program}: fatal: internal error: ${error instanceof Error ? error.stack : String(error)}`)
    process.exit(exitCode.bug)
  }
}
