/** All rounds with one implementation. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { account } from './account.ts'
import type { Kind } from './kind.ts'
import type { Options } from './options.ts'
import type { Peer } from './peer.ts'
import { plan } from './plan.ts'
import { type PeerResult, type Played, summarize } from './result.ts'
import { type Outcome, type PlayableRound, Player } from './round.ts'
import { Tree } from './tree.ts'
import type { Violation } from './violation.ts'

export interface Ground {
  /** For the trees. */
  base: string
  /** The compiled fixtures. */
  tools: string
  /** Why no disk can be filled, or undefined. */
  noSmallDisk: string | undefined
  say(text: string): void
}

/** 20 milliseconds: 50 lines a second, as in a chatty service. */
const intervalMicroseconds = 20_000

export async function campaign(peer: Peer, options: Options, ground: Ground): Promise<PeerResult> {
  const { say } = ground
  const began = performance.now()
  const skipped = peer.whyNot()
  const skippedKinds = skipsOf(peer, options, ground)
  const played: Played[] = []
  const violations: PeerResult['violations'] = []
  const result = (): PeerResult => ({
    name: peer.name,
    title: peer.title,
    version: skipped === undefined ? peer.version() : '',
    ...(skipped !== undefined && { skipped }),
    skippedKinds,
    kinds: Object.fromEntries([...new Set(played.map(({ kind }) => kind))].map((kind) => [kind, summarize(played.filter((one) => one.kind === kind))])),
    rounds: played.length,
    violated: played.filter((one) => one.violations.length > 0).length,
    seconds: Math.round((performance.now() - began) / 1000),
    violations,
  })
  if (skipped !== undefined) return result()

  const nursery = new Nursery(peer, options, ground)
  const rounds = plan(options.seed, options.rounds, options.services, options.kinds).slice(options.first - 1)
  let before: Kind | undefined
  try {
    for (const round of rounds) {
      if (!isPlayable(round, skippedKinds)) continue
      const { tree, player, start } = await nursery.current()
      const outcome = start.violations.length > 0 ? start : await player.play(round)
      const found = firsts(outcome.violations)
      played.push({ kind: round.kind, violations: found, recoveryMilliseconds: outcome.recoveryMilliseconds })
      if (found.length > 0) {
        violations.push(...found.map((violation) => ({ ...violation, round: round.number, kind: round.kind })))
        say(account({ tree, round, before, seed: options.seed, violations: found }))
        await nursery.discard(options.keep ? `${peer.name}-${options.seed}-${round.number}` : undefined)
      }
      before = round.kind
      if (played.length % 100 === 0) say(`${peer.title}: ${played.length} rounds, ${played.filter((one) => one.violations.length > 0).length} of them with a violation`)
    }
  } finally {
    await nursery.discard()
  }
  return result()
}

/** Gives a tree on which nothing has gone wrong. */
class Nursery {
  readonly #peer: Peer
  readonly #options: Options
  readonly #ground: Ground
  #count = 0
  #current: { tree: Tree; player: Player; start: Outcome } | undefined

  constructor(peer: Peer, options: Options, ground: Ground) {
    this.#peer = peer
    this.#options = options
    this.#ground = ground
  }

  /** `start`: how it came up. */
  async current(): Promise<{ tree: Tree; player: Player; start: Outcome }> {
    if (this.#current === undefined) await this.#make()
    return this.#current!
  }

  /** @param keptName Its folder is copied under this name. */
  async discard(keptName?: string): Promise<void> {
    const tree = this.#current?.tree
    this.#current = undefined
    if (keptName !== undefined) this.#ground.say(`kept: ${tree?.keep(keptName)}`)
    await tree?.destroy()
  }

  async #make(): Promise<void> {
    const { base, tools, noSmallDisk } = this.#ground
    const folder = join(base, `tree-${this.#peer.name}-${++this.#count}`)
    fs.mkdirSync(folder, { mode: 0o755 })
    const tree = new Tree(this.#peer, folder, { services: this.#options.services, intervalMicroseconds, tools, hasSmallDisk: noSmallDisk === undefined })
    const player = new Player(tree)
    this.#current = { tree, player, start: { violations: [], recoveryMilliseconds: 0 } }
    this.#current.start = await player.begin()
  }
}

/** Of each unit, the first three of each invariant. */
function firsts(violations: readonly Violation[]): Violation[] {
  const counts = new Map<string, number>()
  return violations.filter(({ invariant, unit }) => {
    const key = `${invariant} ${unit}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts.get(key)! <= 3
  })
}

function skipsOf(peer: Peer, { kinds }: Options, { noSmallDisk }: Ground): Partial<Record<Kind, string>> {
  const all: Partial<Record<Kind, string>> = {
    ...peer.unsupported,
    ...(noSmallDisk !== undefined && { 'full disk': noSmallDisk, 'full disk, kill supervisor': noSmallDisk }),
    'clock step': "the machine's clock is not a campaign's to set",
  }
  return Object.fromEntries(kinds.flatMap((kind) => (all[kind] === undefined ? [] : [[kind, all[kind]]])))
}

function isPlayable(round: { kind: Kind }, skipped: Partial<Record<Kind, string>>): round is PlayableRound {
  return skipped[round.kind] === undefined
}
