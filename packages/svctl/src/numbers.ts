/** Bytes as people read them: `512K`, `12.3M`, `1.5G`. */
export function size(bytes: number): string {
  const units = ['K', 'M', 'G', 'T']
  let value = bytes / 1024
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : value.toFixed(0)}${units[unit]}`
}

/** A share of one processor: `0%`, `0.4%`, `12%`. */
export function percent(value: number): string {
  return `${value > 0.05 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)}%`
}
