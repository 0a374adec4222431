import { die, main, outliveErrors, usage } from '@daemontools-ts/command'
import { exitNow, restoreSignals } from '@daemontools-ts/unix'
import { Refusal } from '../folder.ts'
import { endKeeper, Keeper } from '../keeper.ts'
import { Supervisor } from '../supervisor.ts'
import { prepareServices } from '../surroundings.ts'

main('supervise', ([, dir, ...extra]) => {
  if (dir === undefined || extra.length > 0) usage('supervise', 'supervise dir')
  restoreSignals(['SIGTERM', 'SIGPIPE', 'SIGXFSZ'])
  process.title = `supervise ${dir}`
  try {
    const launcher = prepareServices()
    const keeper = new Keeper(launcher, () => supervisor.refresh())
    const supervisor: Supervisor = new Supervisor(dir, dir, {
      launcher,
      keeper,
      // That of an svscan which was killed holds the pipes of others as well: those wait for the next svscan.
      onOldKeeper: (old) => setImmediate(() => keeper.covers(old) && endKeeper(old)),
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
