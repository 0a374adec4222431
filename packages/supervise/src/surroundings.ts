import { errnoTexts } from '@daemontools-ts/command'
import { inherited, type Launcher, prepareLauncher } from '@daemontools-ts/unix'

const SIGCHLD = 17

/** What services inherit: all that we did, but that SIGCHLD is as it is by default, because supervise.c needs it for itself and resets it. */
export function prepareServices(): Launcher {
  const allButChild = ~(1n << BigInt(SIGCHLD - 1))
  const { ignoredSignals, blockedSignals } = inherited()
  return prepareLauncher(errnoTexts, { ignoredSignals: ignoredSignals & allButChild, blockedSignals: blockedSignals & allButChild })
}
