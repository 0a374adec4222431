import type { StateRecord } from '@daemontools-ts/servicedir'
import { formatLabel } from '@daemontools-ts/tai64'
import { signalName } from '@daemontools-ts/unix'

/** Something that happened to a service itself. */
export interface Happening {
  /** The label of the moment. */
  place: string
  event: 'started' | 'ready' | 'exited' | 'killed' | 'ended'
  /** In words. */
  text: string
}

/** What supervise/state.json still knows: the last start, when it was ready, and the last end. In the order of time. */
export function happeningsIn(record: StateRecord): Happening[] {
  const { phase, changed, process, ready, lastExit } = record
  const happenings: Happening[] = []
  if (lastExit !== undefined) happenings.push({ place: formatLabel(lastExit.at), ...describe(lastExit.ending) })
  if (phase === 'up' && process !== undefined) happenings.push({ place: formatLabel(changed), event: 'started', text: `started (pid ${process.pid})` })
  if (phase === 'up' && ready !== undefined) happenings.push({ place: formatLabel(ready), event: 'ready', text: 'ready' })
  return happenings.sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0))
}

function describe(ending: NonNullable<StateRecord['lastExit']>['ending']): Pick<Happening, 'event' | 'text'> {
  if (ending === 'unknown') return { event: 'ended', text: 'ended, nobody knows how' }
  return 'code' in ending ? { event: 'exited', text: `exited ${ending.code}` } : { event: 'killed', text: `killed by ${signalName(ending.signal)}` }
}
