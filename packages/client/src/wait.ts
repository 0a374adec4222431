import { dirname } from 'node:path'
import type { Facts } from './facts.ts'
import { type Goal, type GoalOptions, isHopeless, untilReached } from './goal.ts'
import { lookAt } from './look.ts'
import type { Place } from './place.ts'
import { directoriesOfService, slowMilliseconds, watchDirectories } from './watch.ts'

export interface WaitOptions extends GoalOptions {
  /** The service folder. */
  root: string
  /** Milliseconds; default: for ever. */
  timeout?: number
  signal?: AbortSignal
}

/** `reached`, or why not; and what it was like at the end. */
export interface Waited {
  outcome: 'reached' | 'hopeless' | 'timedOut' | 'aborted'
  facts: Facts
}

/** Waits until a service is up, ready or down. The kernel tells of changes; nobody polls but for a slow look. */
export async function waitFor(place: Place, goal: Goal, options: WaitOptions): Promise<Waited> {
  const { root, timeout = Infinity, signal } = options
  const deadline = performance.now() + timeout
  const left = (): number => deadline - performance.now()
  let until = Infinity
  let facts = lookAt(place, root)
  const first = startOf(facts)
  const starts = new Set<string>()
  const directories = (): string[] => [...directoriesOfService(place.path), place.path, dirname(place.path)]
  for await (const _ of watchDirectories(directories, signal, () => Math.min(slowMilliseconds, until, left()))) {
    facts = lookAt(place, root)
    const start = startOf(facts)
    if (start !== undefined && start !== first) starts.add(start)
    facts.startsSeen = starts.size
    until = untilReached(facts, goal, options)
    if (until === 0) return { outcome: 'reached', facts }
    if (isHopeless(facts, goal)) return { outcome: 'hopeless', facts }
    if (left() <= 0) return { outcome: 'timedOut', facts }
  }
  return { outcome: 'aborted', facts }
}

/** Looks at a service for some seconds, and counts how often it starts: what a C supervise does not write down. */
export async function watchStarts(place: Place, root: string, milliseconds: number, signal?: AbortSignal): Promise<Facts> {
  const deadline = performance.now() + milliseconds
  const starts = new Set<string>()
  let facts = lookAt(place, root)
  const first = startOf(facts)
  const restarts = facts.record?.restarts
  for await (const _ of watchDirectories(() => directoriesOfService(place.path), signal, () => Math.min(slowMilliseconds, deadline - performance.now()))) {
    facts = lookAt(place, root)
    const start = startOf(facts)
    if (start !== undefined && start !== first) starts.add(start)
    if (performance.now() >= deadline) break
  }
  const told = facts.record === undefined || restarts === undefined ? 0 : facts.record.restarts - restarts
  return { ...facts, startsSeen: Math.max(starts.size, told) }
}

function startOf({ status }: Facts): string | undefined {
  return status === undefined || status.pid === 0 ? undefined : `${status.pid} ${status.changed.tai} ${status.changed.nanoseconds}`
}
