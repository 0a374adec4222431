/** Tells services something, and waits for what comes of it. */
import { canBeReady, diagnose, type Facts, type Goal, incarnationOf, isUp, lookAt, mainDiagnosis, type Place, send, span, stateOf, type Waited, waitFor } from '@daemontools-ts/client'
import type { Letter } from '@daemontools-ts/servicedir'
import { reason } from '@daemontools-ts/command'
import { outcome } from './failure.ts'
import { complain, print } from './output.ts'

export interface Order {
  /** What it is called in the line that says that it was done. */
  word: string
  letters: readonly Letter[]
  needsProcess: boolean
  /** What to wait for; undefined: do not. */
  goal: Goal | undefined
  /** Another process than before has to be up. */
  isRestart: boolean
  timeoutMilliseconds: number
  /** Up counts when it has been up for so long. */
  lastingMilliseconds: number
}

/** What became of one service. */
export interface Told {
  name: string
  path: string
  done: boolean
  /** The exit code that svctl would have for it alone. */
  code: number
  /** In words. */
  said: string
  pid: number | null
}

/** Each service is told at once, and waited for beside the others. */
export function tellAll(places: readonly Place[], order: Order, root: string): Promise<Told[]> {
  return Promise.all(places.map((place) => tell(place, order, root)))
}

async function tell(place: Place, order: Order, root: string): Promise<Told> {
  const before = lookAt(place, root)
  const result = (code: number, said: string, facts: Facts): Told => ({ name: place.name, path: place.path, done: code === 0, code, said, pid: isUp(facts) ? facts.status!.pid : null })
  if (order.needsProcess && before.supervision === 'running' && !isUp(before)) return result(outcome.refused, `unable to send ${order.word.replace(/^.*: /, '')}: it is ${stateOf(before)}`, before)
  const failure = send(place.path, order.letters)
  if (failure !== undefined) return result(outcome.refused, `${failure.what}${failure.why === undefined ? '' : `: ${reason(failure.why)}`}`, before)
  if (order.goal === undefined) return result(0, saidOf(order, before), before)
  const old = order.isRestart ? incarnationOf(before) : undefined
  const began = performance.now()
  const waited = await waitFor(place, order.goal, { root, timeout: order.timeoutMilliseconds, lasting: order.lastingMilliseconds, ...(old !== undefined && { notThis: old }) })
  return result(codeOf(waited), endOf(waited, order, before, performance.now() - began), waited.facts)
}

function saidOf({ word, needsProcess }: Order, { status }: Facts): string {
  return needsProcess ? `${word} to pid ${status?.pid ?? 0}` : word
}

export function codeOf({ outcome: end }: Pick<Waited, 'outcome'>): number {
  return end === 'reached' ? 0 : end === 'timedOut' ? outcome.timedOut : outcome.refused
}

/** That it is not so, and why. */
export function missed({ outcome: end, facts }: Waited, goal: Goal, timeoutMilliseconds: number): string {
  if (end === 'timedOut') return `not ${goal} after ${span(timeoutMilliseconds)}: ${mainDiagnosis(diagnose(facts)).cause}`
  const isMute = goal === 'ready' && isUp(facts) && !canBeReady(facts)
  const why = !isMute ? mainDiagnosis(diagnose(facts)).cause : facts.record === undefined ? 'its supervisor does not listen to that' : 'it has neither a notification-fd nor a check to say so'
  return `not ${goal}, and will not be: ${why}`
}

function endOf(waited: Waited, { isRestart, timeoutMilliseconds, ...order }: Order, before: Facts, took: number): string {
  const { outcome: end, facts } = waited
  const goal = order.goal!
  if (end !== 'reached') return missed(waited, goal, timeoutMilliseconds)
  const seconds = `${(took / 1000).toFixed(1)}s`
  if (goal === 'down') return `down after ${seconds}`
  const pid = `pid ${facts.status!.pid}`
  if (isRestart && isUp(before)) return `restarted after ${seconds}, ${pid}, before ${before.status!.pid}`
  return isUp(before) && incarnationOf(before)?.since === incarnationOf(facts)?.since ? `${goal}, ${pid}, as it was` : `${goal} after ${seconds}, ${pid}`
}

/** A line for each; what failed is said on standard error. Returns the exit code: that of the first that failed. */
export function report(all: readonly Told[]): number {
  for (const { name, done, said } of all) {
    if (done) print(`${name}: ${said}`)
    else complain(`svctl: warning: ${name}: ${said}`)
  }
  return all.find(({ code }) => code !== 0)?.code ?? 0
}
