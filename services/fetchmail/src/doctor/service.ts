/** Checks of who runs the service, and whether it stays up. */
import type { StateRecord } from '@daemontools-ts/servicedir'
import { toUnix } from '@daemontools-ts/tai64'
import { signalName } from '@daemontools-ts/unix'
import { shellWord } from '../layout.ts'
import type { Facts } from './facts.ts'
import { type Check, type Finding, problem, warning } from './finding.ts'
import { self, startAgain } from './words.ts'

export const serviceChecks: readonly Check[] = [
  { name: 'no other fetchmail has the lock', look: lookForStrangers },
  { name: "the distribution's own service is off", look: ({ distributionDaemon }) => (distributionDaemon ? [warning("Debian's own fetchmail service is switched on as well", "sed -i 's/^START_DAEMON=.*/START_DAEMON=no/' /etc/default/fetchmail && /etc/init.d/fetchmail stop")] : []) },
]

/** After everything that could be its cause. */
export const runningChecks: readonly Check[] = [
  { name: 'the service is supervised', look: lookForSupervisor },
  { name: 'the service is up', look: lookAtState },
  { name: 'the logger is up', look: lookAtLogger },
  { name: 'it does not die again and again', look: lookForLoop },
]

/** So many starts in so many milliseconds are a loop. */
const loop = { starts: 3, milliseconds: 10_000 }
/** A loop that ended longer ago has been cured. Milliseconds. */
const recent = 60_000

/** One that supervise knew before it was killed is taken up by the next. */
function lookForStrangers({ layout, strangers, supervision: { status } }: Facts): Finding[] {
  return strangers.filter((pid) => pid !== status?.pid).map((pid) =>
    problem(`another fetchmail, process ${pid}, has the lock of ${layout.directory}, and no supervise knows it`, `kill ${pid} && ${startAgain(layout)}`))
}

function lookForSupervisor({ layout, supervision, entries }: Facts): Finding[] {
  if (supervision.supervised || !entries.has(layout.directory + '/run')) return []
  const isLinked = entries.has(layout.link)
  return [problem(`nobody supervises ${layout.directory}`, isLinked ? 'svscanboot &  # or your init starts it: see svscanboot(8)' : `ln -s ${shellWord(layout.directory)} ${shellWord(layout.link)}`)]
}

function lookAtState({ layout, supervision: { supervised, status, reason } }: Facts): Finding[] {
  if (!supervised || status === undefined || status.pid !== 0) return []
  if (reason !== undefined) {
    const [cause = '', cure = ''] = split(reason)
    return [problem(`the service is down, and is not started again by itself: ${cause}`, cure)]
  }
  return status.want === 'up' ? [] : [problem('the service is down, as it was told to be', startAgain(layout))]
}

function lookAtLogger({ layout, logSupervision: { supervised, status, record }, supervision }: Facts): Finding[] {
  if (!supervision.supervised) return []
  const log = shellWord(layout.directory + '/log')
  if (!supervised) return [problem('nobody supervises the logger', `svc -u ${log}`)]
  if (status?.pid === 0 && status.want !== 'up') return [problem('the logger is down, as it was told to be', `svc -u ${log}`)]
  const ending = record?.lastExit?.ending
  return status?.pid === 0 ? [problem(`the logger does not stay up${ending === undefined ? '' : `: it ended with ${wordsOf(ending)}`}`, `${self(layout, 'install')}  # and see what it says on svscan's stderr: ps ax | grep readproctitle`)] : []
}

function lookForLoop({ layout, now, polls: { starts }, supervision: { supervised, record, status } }: Facts): Finding[] {
  const last = starts.slice(-loop.starts)
  const isInLog = last.length === loop.starts && last.at(-1)! - last[0]! <= loop.milliseconds && now - last.at(-1)! <= recent
  if (!supervised || !(isInLog || isYoungAgain(record, now)) || (status?.pid === 0 && status.want !== 'up')) return []
  const ending = record?.lastExit?.ending
  return [problem(`run ends again and again, and is started again each time${ending === undefined ? '' : `; the last end was ${wordsOf(ending)}`}`, `tail -n 20 ${shellWord(layout.log)}/current | tai64nlocal  # says why`)]
}

/** Many restarts, and the last end a moment ago. */
function isYoungAgain(record: StateRecord | undefined, now: number): boolean {
  return record !== undefined && record.restarts >= loop.starts && record.lastExit !== undefined && now - toUnix(record.lastExit.at) * 1000 <= loop.milliseconds
}

function wordsOf(ending: NonNullable<StateRecord['lastExit']>['ending']): string {
  if (ending === 'unknown') return 'unknown'
  return 'code' in ending ? `exit code ${ending.code}` : `signal ${signalName(ending.signal)}`
}

/** finish's line: the cure comes last, and has no such dash in it. */
function split(reason: string): string[] {
  const at = reason.lastIndexOf(' - ')
  return at === -1 ? [reason] : [reason.slice(0, at), reason.slice(at + 3)]
}
