import { exitCode, main, say } from '@daemontools-ts/command'
import { exitNow } from '@daemontools-ts/unix'
import { multilog } from '../multilog.ts'
import { showAs } from '../title.ts'

main('multilog', (args) => {
  showAs('multilog', args)
  multilog(args).catch((error: unknown) => {
    say(`multilog: fatal: internal error: ${error instanceof Error ? error.stack : String(error)}`)
    exitNow(exitCode.bug)
  })
})
