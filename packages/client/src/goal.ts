/** What one can wait for. */
import type { Facts } from './facts.ts'
import { age, canBeReady, isUp, stateOf } from './situation.ts'

/** `down` for good: what waits for its next start is not. */
export type Goal = 'up' | 'ready' | 'down'

export interface GoalOptions {
  /** It is to be so for that long, in milliseconds. */
  lasting?: number
  /** Only another process than this one counts as up: a restart. Its pid and the label of its start. */
  notThis?: { pid: number; since: bigint }
}

/** In how many milliseconds it is reached if nothing changes: 0, it is; Infinity, something has to change. */
export function untilReached(facts: Facts, goal: Goal, { lasting = 0, notThis }: GoalOptions = {}): number {
  const isSupervised = facts.supervision === 'running'
  switch (goal) {
    case 'down': {
      const isDown = ['down', 'failed'].includes(stateOf(facts)) || (!isSupervised && (!isUp(facts) || facts.processState === undefined))
      return isDown ? 0 : Infinity
    }
    case 'up':
    case 'ready': {
      const isRunning = isSupervised && isUp(facts) && !isSame(facts, notThis)
      if (!isRunning || (goal === 'ready' && stateOf(facts) !== 'ready')) return Infinity
      return Math.max(0, lasting - age(facts))
    }
  }
}

/** What a restart has to replace. */
export function incarnationOf({ status }: Facts): { pid: number; since: bigint } | undefined {
  return status === undefined || status.pid === 0 ? undefined : { pid: status.pid, since: status.changed.tai * 1_000_000_000n + BigInt(status.changed.nanoseconds) }
}

/** It will not come about by itself, or nobody would see it: finish has given up, it cannot say that it is ready, it may not be looked at. */
export function isHopeless(facts: Facts, goal: Goal): boolean {
  if (facts.presence === 'denied' || facts.supervision === 'denied') return true
  if (goal === 'ready' && isUp(facts) && !canBeReady(facts)) return true
  return goal !== 'down' && stateOf(facts) === 'failed'
}

function isSame(facts: Facts, other: GoalOptions['notThis']): boolean {
  const one = incarnationOf(facts)
  return other !== undefined && one?.pid === other.pid && one.since === other.since
}
