/** Of the rounds of one row and column. */
export interface Statistics {
  median: number
  lowerQuartile: number
  upperQuartile: number
}

/** Undefined for nothing. */
export function summarize(values: readonly number[]): Statistics | undefined {
  if (values.length === 0) return undefined
  return { median: quantile(values, 0.5), lowerQuartile: quantile(values, 0.25), upperQuartile: quantile(values, 0.75) }
}

/** @param values At least one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * The value below which a part of the values lie, between two of them where it falls between two (the default of R and numpy).
 * @param values At least one. @param part 0 to 1.
 */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('quantile: expected at least one value, got none')
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

/** How many times as much as another, by the rounds that both have: a machine that slows down for a while slows both. Undefined if there is none. */
export function ratio(values: Rounds, others: Rounds): number | undefined {
  const ratios = values.flatMap((value, round) => {
    const other = others[round]
    return value === null || other === null || other === undefined || other === 0 ? [] : [value / other]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

/** A value for each round; null: there was none in that round. */
export type Rounds = readonly (number | null)[]

export function valuesOf(rounds: Rounds): number[] {
  return rounds.filter((value) => value !== null)
}
