/** Plays a row with one of the two daemontools. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { both, type Implementation, theirs } from '../support/implementation.ts'
import { lead } from './leader.ts'
import { type Context, places } from './masks.ts'
import type { Outcome, Row } from './row.ts'
import { describe, fifoCommands, layOut } from './stage.ts'

/** Generous: only something broken takes so long. */
const defaultDeadlineSeconds = 40

/** At the head of each script. `reach` waits for a condition. */
const prelude = `BIN=$1 TOOLS=$2
shift 2
reach() { tries=0; until "$@" 2>/dev/null; do tries=$((tries+1)); [ $tries -lt 800 ] || { echo "not reached: $*" >&2; exit 99; }; sleep 0.02; done; }
`

/**
 * @param place A folder for this one, not there yet. It is removed at the end.
 * @param tools Where the programs of test/fixtures are.
 */
export async function play(row: Row, implementation: Implementation, place: string, tools: string): Promise<Outcome> {
  const folder = `${place}/scene`
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  layOut(folder, row.setup ?? {})
  writeFileSync(`${place}/script`, scriptOf(row), 'latin1')
  if (row.input !== undefined) writeFileSync(`${place}/stdin`, row.input, 'latin1')
  // what is said is appended: several programs may write there
  const stdio = [openSync(row.input === undefined ? '/dev/null' : `${place}/stdin`, 'r'), openSync(`${place}/stdout`, 'a'), openSync(`${place}/stderr`, 'a')] as const
  const context: Context = { place, commands: both.map((one) => one.folder), began: now(), ended: 0, starter: process.pid }
  const end = await lead({
    argv: ['/bin/sh', `${place}/script`, implementation.folder, tools],
    folder,
    env: { PATH: '/usr/bin:/bin', ...row.env },
    stdio,
    deadlineSeconds: row.deadlineSeconds ?? defaultDeadlineSeconds,
  })
  context.ended = now()
  stdio.forEach((fd) => closeSync(fd))
  const masked = (text: string): string => [places, ...(row.masks ?? [])].reduce((text, mask) => mask(text, context), text)
  const outcome = { end, stdout: masked(readFileSync(`${place}/stdout`, 'latin1')), stderr: masked(readFileSync(`${place}/stderr`, 'latin1')), files: withoutRecords(describe(folder, masked)) }
  rmSync(place, { recursive: true, force: true, maxRetries: 5 })
  return outcome
}

/** Without our state records, which C ignores, if they are of the mode and owner of the status beside, or would be of one: docs/protocol.md. */
function withoutRecords(files: readonly string[]): string[] {
  const isRecord = (line: string): boolean => {
    const [, folder, head] = /^(.*\/)state\.json (\d+ \d+:\d+) 1024 bytes: \{"version":1,/.exec(line) ?? []
    const statuses = files.filter((other) => / 18 bytes: /.test(other) && ['status ', 'status.new '].some((name) => other.startsWith(`${folder}${name}`)))
    return folder !== undefined && (statuses.length === 0 ? head === '0644 0:0' : statuses.some((status) => status.includes(` ${head} 18 bytes: `)))
  }
  return files.filter((line) => !isRecord(line))
}

/** As root it makes the FIFOs, then it is who it is to be. */
function scriptOf({ setup = {}, user, script }: Row): string {
  const rest = prelude + script
  if (user === undefined) return fifoCommands(setup) + rest
  return `if [ -w /proc/1/oom_score_adj ]; then\n${fifoCommands(setup)}exec ${theirs.folder}/setuidgid ${user} /bin/sh "$0" "$@"\nfi\n${rest}`
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
