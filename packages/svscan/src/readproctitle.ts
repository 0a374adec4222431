const dot = 0x2e
/** The last argument's first bytes, which stay dots: more came before (readproctitle.c). */
const margin = 3

/** The window as it is before the first byte. `size`: bytes of the last argument, more than `margin`. */
export function emptyWindow(size: number): Uint8Array {
  return new Uint8Array(size).fill(dot)
}

/** The window after more was read: the last bytes that are not NUL, behind the margin. */
export function slide(window: Uint8Array, chunk: Uint8Array): Uint8Array {
  const next = new Uint8Array(window)
  // From the end, so that a flood costs what is shown of it.
  let free = window.length
  for (let at = chunk.length - 1; at >= 0 && free > margin; at--) {
    if (chunk[at] !== 0) next[--free] = chunk[at]!
  }
  const rest = window.subarray(margin + (window.length - free))
  next.set(rest, margin)
  return next
}
