import { whatDoes } from '../daemon.ts'
import type { Layout } from '../layout.ts'
import { findAccount } from '../programs.ts'
import { Failure } from '../outcome.ts'
import { print } from '../print.ts'
import { command } from '../supervision.ts'
import { type Globals, layoutOf } from '../target.ts'
import { dumpConfiguration } from '../trial.ts'
import { quiet, supervisionOf, until } from './wait.ts'

type Options = Globals & { timeout: number }

/** Ends fetchmail between two polls, so that nothing is fetched twice, and waits for the next one. @returns the exit code. */
export async function restart(options: Options): Promise<number> {
  return await replace(layoutOf(options), options.timeout)
}

/** The same, if fetchmail understands its configuration; otherwise the one that runs goes on with the old. */
export async function reload(options: Options): Promise<number> {
  const layout = layoutOf(options)
  const { status, lines } = await dumpConfiguration(layout, findAccount('fetchmail'))
  if (status === undefined) throw new Failure('unable to run fetchmail', { next: 'apt-get install fetchmail' })
  if (status !== 0) {
    throw new Failure(`fetchmail refuses the configuration: ${lines.at(-1)?.replace(/^fetchmail: ?/, '') ?? `exit status ${status}`}`, { next: 'nothing was restarted; fetchmail-service doctor says more' })
  }
  return await replace(layout, options.timeout)
}

async function replace(layout: Layout, seconds: number): Promise<number> {
  const { supervised, status } = supervisionOf(layout)
  if (!supervised) throw new Failure(`nobody supervises ${layout.directory}`, { next: 'fetchmail-service doctor says more' })
  const before = status?.pid ?? 0
  if (before === 0) command(layout.directory, 'u')
  else process.kill(await quiet(layout, seconds, true), 'SIGTERM')
  const pid = await until('another fetchmail has not begun', seconds, () => {
    const now = supervisionOf(layout)
    const hasEndedSince = now.status?.pid === 0 && (now.status.changed.tai !== status?.changed.tai || now.status.changed.nanoseconds !== status.changed.nanoseconds)
    if (now.reason !== undefined && hasEndedSince) throw new Failure(`the service does not start: ${now.reason}`)
    const pid = now.status?.pid ?? 0
    // run itself becomes fetchmail
    return pid !== 0 && pid !== before && ['polling', 'sleeping'].includes(whatDoes(pid) ?? '') ? pid : undefined
  })
  print(`${before === 0 ? 'started' : 'restarted'}: fetchmail is process ${pid}`)
  return 0
}
