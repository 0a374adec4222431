const zero = 0x30
/** By byte: its value as a lower-case hexadecimal digit, negative if it is none. */
const values = new Int8Array(256).fill(-1)
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) values[digit] = value

export function isHexDigit(byte: number): boolean {
  return values[byte]! >= 0
}

/** Reads eight lower-case hexadecimal digits; negative if one of the bytes is something else. */
export function readWord(bytes: Uint8Array, start: number): number {
  let word = 0
  let sign = 0 // negative once a byte was not a digit
  for (let at = start; at < start + 8; at++) {
    const value = values[bytes[at]!]!
    word = (word << 4) | value
    sign |= value
  }
  return sign < 0 ? -1 : word >>> 0
}

/** Writes nine decimal digits, or ten if the number needs them, and returns how many. */
export function writeNanoseconds(nanoseconds: number, out: Uint8Array, start: number): number {
  const length = nanoseconds < 1e9 ? 9 : 10
  let rest = nanoseconds
  for (let at = start + length - 1; at >= start; at--) {
    out[at] = zero + (rest % 10)
    rest = (rest / 10) >>> 0
  }
  return length
}
