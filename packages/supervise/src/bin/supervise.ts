import { die, main, outliveErrors, usage } from '@daemontools-ts/command'
import { exitNow, restoreSignals, showTitle } from '@daemontools-ts/unix'
import { Refusal } from '../folder.ts'
import { Keeper } from '../keeper.ts'
import { Supervisor } from '../supervisor.ts'
import { prepareServices } from '../surroundings.ts'

main('supervise', ([, dir, ...extra]) => {
  if (dir === undefined || extra.length > 0) usage('supervise', 'supervise dir')
  restoreSignals(['SIGTERM', 'SIGPIPE', 'SIGXFSZ'])
  showTitle(`supervise ${dir}`)
  try {
    const launcher = prepareServices()
    // The keeper of an svscan that was killed holds the pipes of others as well: those wait for the next svscan.
    const keeper = new Keeper(launcher, () => supervisor.refresh(), true)
    const supervisor: Supervisor = new Supervisor(dir, dir, {
      launcher,
      keeper,
      onLeave: () => {
        keeper.end()
        exitNow(0)
      },
    })
    outliveErrors('supervise')
    process.on('SIGTERM', () => {
      supervisor.obey('d')
      supervisor.obey('x')
    })
  } catch (error) {
    if (error instanceof Refusal) die('supervise', error.what, error.why)
    throw error
  }
})
