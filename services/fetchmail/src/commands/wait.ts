/** Waiting for the fetchmail of a service. */
import * as fs from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { bytes } from '@daemontools-ts/unix'
import { whatDoes } from '../daemon.ts'
import type { Layout } from '../layout.ts'
import { readPolls } from '../mail/logfolder.ts'
import { noPolls, type Polls } from '../mail/polls.ts'
import { Failure, outcome } from '../outcome.ts'
import { readSupervision, type Supervision } from '../supervision.ts'

const stepMilliseconds = 100

/** Looks again and again until there is something. Throws Failure, exit 99, when the time is over. @param what For the message. */
export async function until<T>(what: string, seconds: number, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const seen = look()
    if (seen !== undefined) return seen
    if (performance.now() > deadline) throw new Failure(`${what}: not within ${seconds} seconds`, { code: outcome.timedOut, next: '--timeout SECONDS waits longer' })
    await pause(stepMilliseconds)
  }
}

/** The running service's process. Throws Failure if it is down. */
export function expectRunning(layout: Layout): number {
  const { supervised, status, reason } = supervisionOf(layout)
  if (!supervised) throw new Failure(`nobody supervises ${layout.directory}`, { next: 'fetchmail-service doctor says more' })
  if (status === undefined || status.pid === 0) throw new Failure(`the service is down${reason === undefined ? '' : `: ${reason}`}`, { next: 'fetchmail-service doctor says more' })
  return status.pid
}

export function supervisionOf(layout: Layout): Supervision {
  try {
    return readSupervision(layout.directory)
  } catch (why) {
    throw new Failure('unable to look at the service', { why, next: 'only root can, or whoever installed it' })
  }
}

/** What the log adds up to, read again only when something was written. */
export function pollsOf({ log }: Layout): () => Polls {
  let seen = ''
  let polls = noPolls
  return () => {
    const mark = markOf(`${log}/current`)
    if (mark !== seen) polls = readPolls(log)
    seen = mark
    return polls
  }
}

function markOf(path: string): string {
  const stat = fs.statSync(bytes(path), { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`
}

/**
 * The process, when a signal does no harm: it sleeps between two polls, or it is not fetchmail yet (run's own wait).
 * @param orIdle In IDLE there is nothing on the way either.
 */
export async function quiet(layout: Layout, seconds: number, orIdle: boolean): Promise<number> {
  const polls = pollsOf(layout)
  return await until('the poll under way has not ended', seconds, () => {
    const pid = expectRunning(layout)
    const doing = whatDoes(pid)
    return (doing === 'sleeping' && !isAboutToPoll(polls())) || doing === 'other' || (orIdle && doing === 'polling' && polls().phase === 'idle') ? pid : undefined
  })
}

function isAboutToPoll({ due }: Polls): boolean {
  return due !== undefined && Math.abs(due - Date.now()) < soonMilliseconds
}

const soonMilliseconds = 1000
