/** Phrases of the diagnosis. */
import { endingText, meaningOf } from './ending.ts'
import type { Facts } from './facts.ts'
import { span } from './moment.ts'
import { defaultRoot } from './place.ts'
import { shellWord } from './shell.ts'
import { lastExitOf, lastRun, untilStart } from './situation.ts'

/** How a person would name it to svctl. */
export function wordFor({ name, path, root, isInRoot }: Facts): string {
  return shellWord(isInRoot && root === defaultRoot ? name : path)
}

/** What is known of the last end, `full` with its meaning. */
export function lastWords(facts: Facts, full = false): string {
  const exit = lastExitOf(facts)
  if (exit === undefined) return facts.record === undefined ? 'ended, its supervisor does not keep how' : 'has not ended yet'
  const meaning = full ? meaningOf(exit.ending) : undefined
  return `${endingText(exit.ending)}${meaning === undefined ? '' : ` (${meaning})`}`
}

/** The same behind "it", with its meaning. */
export function pastWords(facts: Facts): string {
  return lastWords(facts, true).replace(/^killed/, 'was killed')
}

/** What finish says, before what is known. */
export function reasonWords({ reason }: Facts): string {
  return reason === undefined ? '' : `${reason.cause}: `
}

export function loopCounts(facts: Facts): string {
  const { record, recentEnds, startsSeen } = facts
  const run = lastRun(facts)
  const parts = [
    run === undefined ? undefined : run < 1000 ? 'within a second of its start' : `${span(run)} after its start`,
    record === undefined ? undefined : `restarted ${times(record.restarts)} so far`,
    recentEnds === undefined ? undefined : `${recentEnds} ends in the last minute`,
    record === undefined && startsSeen !== undefined ? `${startsSeen} more starts while it was watched` : undefined,
  ]
  return `${parts.filter((part) => part !== undefined).map((part) => `, ${part}`).join('')}${nextStart(facts)}`
}

export function nextStart(facts: Facts): string {
  const wait = untilStart(facts)
  return wait === undefined || wait < 1000 ? '' : `; next start in ${span(wait + 999)}`
}

export function adviceForEnding(facts: Facts): string | undefined {
  const ending = lastExitOf(facts)?.ending
  if (ending === undefined || ending === 'unknown' || !('code' in ending)) return undefined
  if (ending.code === 0) return 'a program that exits 0 at once has put itself into the background, or is done: let run stay in the foreground (or put fghack before it)'
  if (ending.code === 127) return 'a command in run is not on the PATH of svscan: write it with its whole path'
  if (ending.code === 126) return 'a command in run is not executable'
  return undefined
}

/** Its last lines say why; without a log, to run it by hand does; some codes say themselves what is wrong in run. */
export function commandForEnding(facts: Facts): string {
  if (adviceForEnding(facts) !== undefined) return `vi ${shellWord(facts.path)}/run`
  return facts.log?.directory === undefined ? `cd ${shellWord(facts.path)} && ./run; echo $?` : `svctl logs ${wordFor(facts)} -n 50`
}

/** Its last end was none that somebody asked for. */
export function endedBadly(facts: Facts): boolean {
  const ending = lastExitOf(facts)?.ending
  if (ending === undefined || ending === 'unknown') return false
  return 'code' in ending ? true : ending.signal !== 15
}

export function runsOn({ status, processState }: Facts): string {
  return status === undefined || status.pid === 0 || processState === undefined ? '' : `; its program runs on, pid ${status.pid}, and the next supervisor takes it up`
}

export function pidOf(svscan: Facts['svscan']): string {
  return svscan === undefined || svscan === null ? '' : ` (pid ${svscan.pid})`
}

export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}
