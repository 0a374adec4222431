/** svctl: how services are, why, and what to do about it. */
import { exitCode, main } from '@daemontools-ts/command'
import { restoreSignals } from '@daemontools-ts/unix'
import { toText } from '../context.ts'
import { complain } from '../output.ts'
import { svctl } from '../svctl.ts'

main('svctl', ([, ...args]) => {
  restoreSignals([])
  svctl(args.map(toText)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      complain(`svctl: fatal: internal error: ${error instanceof Error ? error.stack : String(error)}`)
      process.exit(exitCode.bug)
    },
  )
})
