/** The table. What waits for seconds comes first. */
import type { Row } from '../row.ts'
import { readproctitleRows, superviseRows, svscanRows } from './daemons.ts'
import { envdirRows } from './envdir.ts'
import { multilogRows } from './multilog.ts'
import { fghackRows, pgrphackRows } from './sessions.ts'
import { setlockRows } from './setlock.ts'
import { envuidgidRows, setuidgidRows } from './setuidgid.ts'
import { softlimitRows } from './softlimit.ts'
import { svcRows } from './svc.ts'
import { svokRows, svstatRows } from './svstat.ts'
import { tai64nlocalRows, tai64nRows } from './tai64n.ts'

export const rows: readonly Row[] = distinct([
  ...superviseRows, ...svscanRows, ...readproctitleRows, ...svcRows, ...svokRows, ...svstatRows, ...multilogRows, ...tai64nRows, ...tai64nlocalRows,
  ...setuidgidRows, ...envuidgidRows, ...envdirRows, ...softlimitRows, ...setlockRows, ...pgrphackRows, ...fghackRows,
])

/** Generators meet: of rows that are alike in everything, one is kept. */
function distinct(rows: readonly Row[]): Row[] {
  const keyed = new Map(rows.map((row) => [JSON.stringify([row.command, row.name, row.user, row.script, row.setup, row.input, row.env]), row]))
  return [...keyed.values()]
}
