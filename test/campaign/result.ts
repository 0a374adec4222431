/** What has come out of a campaign: the JSON of --json. */
import type { Kind } from './kind.ts'
import type { PeerName } from './peer.ts'
import type { Invariant, Violation } from './violation.ts'

export interface KindResult {
  rounds: number
  /** Rounds in which something was wrong. */
  violated: number
  /** Of these, how many by each invariant. */
  byInvariant: Partial<Record<Invariant, number>>
  recoveryMilliseconds: { median: number; most: number }
}

export interface PeerResult {
  name: PeerName
  title: string
  version: string
  /** Why it was not tried at all. */
  skipped?: string
  /** A word for a kind that was not tried: why. */
  skippedKinds: Partial<Record<Kind, string>>
  kinds: Partial<Record<Kind, KindResult>>
  rounds: number
  violated: number
  seconds: number
  violations: (Violation & { round: number; kind: Kind })[]
}

export interface Result {
  seed: number
  rounds: number
  first: number
  services: number
  machine: { processors: number; memoryMegabytes: number; kernel: string; node: string }
  peers: PeerResult[]
}

/** A round that was played. */
export interface Played {
  kind: Kind
  violations: readonly Violation[]
  recoveryMilliseconds: number
}

/** The sum of the rounds of a kind. */
export function summarize(played: readonly Played[]): KindResult {
  const wrong = played.filter(({ violations }) => violations.length > 0)
  const byInvariant: Partial<Record<Invariant, number>> = {}
  for (const { violations } of wrong) {
    for (const invariant of new Set(violations.map((violation) => violation.invariant))) byInvariant[invariant] = (byInvariant[invariant] ?? 0) + 1
  }
  const times = played.filter(({ violations }) => violations.length === 0).map(({ recoveryMilliseconds }) => Math.round(recoveryMilliseconds)).sort((a, b) => a - b)
  return { rounds: played.length, violated: wrong.length, byInvariant, recoveryMilliseconds: { median: times[times.length >> 1] ?? 0, most: times.at(-1) ?? 0 } }
}
