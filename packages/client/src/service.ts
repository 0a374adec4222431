/** A service as it is shown, and as programs read it: docs/svctl-json.md. */
import type { Want } from '@daemontools-ts/servicedir'
import { formatLabel } from '@daemontools-ts/tai64'
import { type Ending, signalName } from '@daemontools-ts/unix'
import { type Diagnosis, diagnose } from './diagnosis.ts'
import { meaningOf } from './ending.ts'
import type { Facts } from './facts.ts'
import { millisecondsOf } from './moment.ts'
import { arrange, type Processes, treeOf, type Usage, usageOf } from './processes.ts'
import { canBeReady, isUp, type State, stateOf, untilStart, wantOf } from './situation.ts'

export type Exit = { code: number } | { signal: string } | { unknown: true }

export interface Service {
  name: string
  path: string
  state: State
  /** null where nobody knows, as are all that follow. */
  want: Want | null
  /** Of run. */
  pid: number | null
  /** The last start or end of run. */
  since: Date | null
  /** The same, as a label. */
  sinceTai64n: string | null
  /** Whether it has said that it is ready; null: it cannot say so. */
  ready: boolean | null
  /** How often it was started again by itself since it is supervised. */
  restarts: number | null
  lastExit: (Exit & { meaning: string | null; at: Date }) | null
  nextStart: Date | null
  /** Whether it is started by itself when it is supervised: there is no file `down`. */
  normallyUp: boolean
  /** What it takes, with all processes below it. */
  usage: Usage | null
  /** The cause, and what is wrong with the log, if something is. */
  diagnoses: Diagnosis[]
  log: { state: State; pid: number | null; directory: string | null; lastLineAt: Date | null } | null
}

/** @param processes All of the system, @param uptimeSeconds and for how long that runs, if what the service takes is asked for. */
export function describe(facts: Facts, processes: Processes = arrange([]), uptimeSeconds = 0): Service {
  const { name, path, status, record, files, log } = facts
  const pid = isUp(facts) ? status!.pid : null
  const tree = pid === null || facts.processState === undefined ? undefined : treeOf(pid, processes)
  return {
    ...{ name, path, state: stateOf(facts), want: wantOf(facts) ?? null, pid },
    since: status === undefined ? null : new Date(millisecondsOf(status.changed)),
    sinceTai64n: status === undefined ? null : formatLabel(status.changed),
    ready: canBeReady(facts) ? record!.ready !== undefined : null,
    restarts: record?.restarts ?? null,
    lastExit: record?.lastExit === undefined ? null : { ...exitOf(record.lastExit.ending), meaning: meaningOf(record.lastExit.ending) ?? null, at: new Date(millisecondsOf(record.lastExit.at)) },
    nextStart: untilStart(facts) === undefined ? null : new Date(millisecondsOf(record!.nextStart!)),
    normallyUp: !files.has('down'),
    usage: tree === undefined ? null : usageOf(tree, uptimeSeconds),
    diagnoses: diagnose(facts),
    log: log === undefined ? null : describeLog(log),
  }
}

function describeLog({ service, directory, lastLineAt }: NonNullable<Facts['log']>): Service['log'] {
  return {
    state: stateOf(service),
    pid: isUp(service) ? service.status!.pid : null,
    directory: directory ?? null,
    lastLineAt: lastLineAt === undefined ? null : new Date(lastLineAt),
  }
}

export function exitOf(ending: Ending): Exit {
  if (ending === 'unknown') return { unknown: true }
  return 'code' in ending ? { code: ending.code } : { signal: signalName(ending.signal) }
}
