/** What happens in a campaign, before anything does: a function of the seed. */
import type { Kind } from './kind.ts'
import { randomFrom, shuffle } from './random.ts'

export interface Round {
  /** From 1. */
  number: number
  kind: Kind
  /** The number of the service that it hits. */
  target: number
  /** The number of the service that gets a letter afterwards. */
  probe: number
  /** From 0 up to 1, for delays and choices: each kind takes them for what it needs. */
  chances: readonly [number, number, number, number]
}

/** Round N is the same however many there are. Each kind comes up once before any does again. */
export function plan(seed: number, rounds: number, services: number, kinds: readonly Kind[]): Round[] {
  const random = randomFrom(seed)
  const planned: Round[] = []
  let deck: Kind[] = []
  for (let number = 1; number <= rounds; number++) {
    if (deck.length === 0) deck = shuffle(kinds, random)
    const [target, probe] = [random(), random()].map((chance) => Math.floor(chance * services)) as [number, number]
    planned.push({ number, kind: deck.pop()!, target, probe, chances: [random(), random(), random(), random()] })
  }
  return planned
}
