/** A small generator of numbers that are the same for the same seed (mulberry32). */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Lines of random length, numbered. */
export function makeLines(seed: number, count: number, longest: number): string {
  const random = makeRandom(seed)
  let text = ''
  for (let number = 0; number < count; number++) text += `${number} ${'x'.repeat(random(longest))}\n`
  return text
}
