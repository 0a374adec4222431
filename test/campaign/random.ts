/** Numbers from 0 up to 1, one a call. */
export type Random = () => number

/** The sequence is a function of the seed alone, the same on every machine: Marsaglia's xorshift of 32 bits. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x01000193) >>> 0 || 1 // from 0 it would never move
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state = (state ^ (state << 5)) >>> 0
    return state / 2 ** 32
  }
  // Seeds that differ in a bit begin alike.
  for (let n = 0; n < 16; n++) next()
  return next
}

/** The items in another order, each order as likely as any other. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    ;[shuffled[last], shuffled[at]] = [shuffled[at]!, shuffled[last]!]
  }
  return shuffled
}
