const star = 0x2a

/**
 * Whether a pattern matches a whole line, bytes[start] to bytes[end - 1] (match.c). A star skips to the first occurrence
 * of the byte after it and never looks back; that byte may be a star itself, and is then again taken for one.
 */
export function match(pattern: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] === star) {
      if (index + 1 === pattern.length) return true
      const next = pattern[index + 1]
      while (at < end && bytes[at] !== next) at++
      if (at === end) return false
    } else {
      if (at === end || bytes[at] !== pattern[index]) return false
      at++
    }
  }
  return at === end
}
