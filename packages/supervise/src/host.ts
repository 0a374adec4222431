import type { Ending } from '@daemontools-ts/unix'
import type { Held } from './folder.ts'
import type { Keeper } from './keeper.ts'
import type { RunnerHost } from './runner.ts'

/** What a supervisor lives in. */
export interface Host extends RunnerHost {
  keeper: Keeper
  /** See Supervisor.mount. */
  mount?: string | undefined
  /** It has ended for good, of itself, and everything depends on it. */
  onEssentialEnd?(ending: Ending): void
  /** It has left: the service is down, and nothing of the directory is held any more. */
  onLeave(): void
}

/** What a supervisor hands over to the one that it becomes when it executes itself. */
export interface Carried {
  held: Held
  notification?: number
}
