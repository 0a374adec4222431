import * as fs from 'node:fs'
import { bytes } from '@daemontools-ts/unix'
import { whatDoes } from '../daemon.ts'
import type { Layout } from '../layout.ts'
import { failureWords } from '../mail/health.ts'
import type { Round } from '../mail/polls.ts'
import { Failure, outcome } from '../outcome.ts'
import { print, printJson } from '../print.ts'
import { type Globals, layoutOf } from '../target.ts'
import { expectRunning, pollsOf, supervisionOf, until } from './wait.ts'

/** Has fetchmail poll now, waits for the end, and says what came of it. @returns the exit code. */
export async function poll(options: Globals & { timeout: number }): Promise<number> {
  const layout = layoutOf(options)
  const asked = Date.now()
  const polls = pollsOf(layout)
  // just linked, or just started: it is on its way
  await until('the service is not up', Math.min(options.timeout, startSeconds), () => isOnItsWay(layout) ? undefined : true)
  if (whatDoes(expectRunning(layout)) === 'polling' && polls().phase === 'idle') {
    if (options.json) printJson({ idle: true })
    else print('fetchmail waits in IDLE: the server tells it of new mail, and there is no need to poll')
    return 0
  }
  let woken = 0
  // A signal during a poll is lost: that poll's end is waited for, and then it is sent. One that began after we were asked will do as well.
  const round = await until('the poll has not ended', options.timeout, (): Round | undefined => {
    const pid = expectRunning(layout)
    const { last } = polls()
    if (last !== undefined && last.started >= asked) return last
    const doing = whatDoes(pid)
    if (doing === 'other') throw new Failure('fetchmail does not run: run waits for a person', { next: 'fetchmail-service doctor says more' })
    if (doing === 'sleeping' && performance.now() - woken > wakesAgainMilliseconds) {
      process.kill(pid, 'SIGUSR1')
      woken = performance.now()
    }
    return undefined
  })
  if (options.json) printJson({ ...round, started: new Date(round.started).toISOString(), ended: new Date(round.ended!).toISOString(), refusal: round.refusal ?? null })
  else print(sentence(round))
  return round.failures.length === 0 && round.refused === 0 ? 0 : outcome.untrue
}

const startSeconds = 10

function isOnItsWay(layout: Layout): boolean {
  const { supervised, status, reason } = supervisionOf(layout)
  if (!supervised) return fs.existsSync(bytes(layout.link))
  return status === undefined || (status.pid === 0 ? status.want === 'up' && reason === undefined : ['starting', 'other'].includes(whatDoes(status.pid) ?? ''))
}

/** The log is a little behind; a second signal would make a second poll. */
const wakesAgainMilliseconds = 3000

function sentence({ delivered, kept, refused, refusal, failures }: Round): string {
  const counts = [`${delivered} delivered`, ...(kept === 0 ? [] : [`${kept} kept`]), ...(refused === 0 ? [] : [`${refused} refused (${refusal ?? 'by our mail server'})`])]
  return [counts.join(', '), ...failures.map((failure) => `failed: ${failureWords(failure)}${failure.words === undefined ? '' : `: ${failure.words}`}`)].join('\n')
}
