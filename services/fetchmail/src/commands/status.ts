import { failureWords, duration, healthOf, type Level, type Looked } from '../mail/health.ts'
import { readPolls } from '../mail/logfolder.ts'
import type { Polls } from '../mail/polls.ts'
import { Failure, outcome } from '../outcome.ts'
import { print, printJson } from '../print.ts'
import { readSupervision } from '../supervision.ts'
import { type Globals, intervalOf, layoutOf } from '../target.ts'

const codes: Record<Level, number> = { ok: 0, warning: outcome.untrue, critical: outcome.critical }

/** Says whether mail comes. @returns the exit code, as monitors want it. */
export function status(options: Globals): number {
  const layout = layoutOf(options)
  const looked = look(layout)
  const { level, reasons } = healthOf(looked)
  if (options.json) printJson({ service: layout.directory, level, reasons, ...document(looked) })
  else {
    print(`${level}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`)
    for (const [name, text] of sentences(looked)) print(`${name.padEnd(16)}${text}`)
  }
  return codes[level]
}

function look(layout: ReturnType<typeof layoutOf>): Looked {
  try {
    return { now: Date.now(), polls: readPolls(layout.log), supervision: readSupervision(layout.directory), interval: intervalOf(layout) }
  } catch (why) {
    throw new Failure('unable to look at the service', { why, next: 'only root can, or whoever installed it' })
  }
}

function sentences({ now, polls, interval }: Looked): [string, string][] {
  const ago = (time: number): string => `${duration(now - time)} ago (${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')})`
  const failures = [...new Set(polls.failures.map(failureWords))]
  return [
    ['now', `${phaseWords(polls)} for ${duration(now - polls.since)}`],
    ['last good poll', polls.lastGood === undefined ? 'none in the log' : ago(polls.lastGood)],
    ['next poll', polls.due === undefined ? (polls.phase === 'idle' ? 'when the server says that there is mail' : '-') : polls.due > now ? `in ${duration(polls.due - now)}` : `was due ${ago(polls.due)}`],
    ['failed rounds', `${polls.failedRounds}${failures.length === 0 ? '' : `: ${failures.join(', ')}`}`],
    ['mail', `${polls.delivered} delivered, ${polls.kept} kept, ${polls.refused} refused, in this log`],
    ['interval', interval === undefined ? 'env/INTERVAL holds no number' : `${interval} s`],
  ].filter(([name]) => polls.phase !== 'unknown' || name === 'interval') as [string, string][]
}

function phaseWords({ phase }: Polls): string {
  return phase === 'idle' ? 'waiting in IDLE' : phase === 'refused' ? 'waiting for a person' : phase
}

function document({ polls, supervision, interval }: Looked): object {
  const iso = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString())
  const { phase, since, due, last, lastGood, failedRounds, failures, delivered, kept, refused, starts } = polls
  return {
    phase,
    since: phase === 'unknown' ? null : iso(since),
    lastGood: iso(lastGood),
    nextPoll: iso(due),
    interval: interval ?? null,
    failedRounds,
    failures: failures.map(({ words, ...rest }) => ({ ...rest, words: words ?? null })),
    delivered,
    kept,
    refused,
    lastRound: last === undefined ? null : { ...last, started: iso(last.started), ended: iso(last.ended), refusal: last.refusal ?? null },
    starts: starts.map(iso),
    supervised: supervision.supervised,
    pid: supervision.status?.pid ?? 0,
    reason: supervision.reason ?? null,
  }
}
