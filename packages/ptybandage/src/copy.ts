/** Where the bytes come from: a terminal on which a program runs. */
export interface Source {
  /** What is there, undefined if nothing is. The piece is looked at before the next read only. */
  read(): Uint8Array | undefined
  /** Resolves when there is something, or later. */
  readable(): Promise<void>
  /** Resolves at the end of the program. What it wrote before can be read by then. */
  ended: Promise<unknown>
}

/**
 * No terminal holds more: 4 KiB in its line discipline, 64 KiB of buffers behind it (drivers/tty/tty_buffer.c). What is read beyond that after the
 * program's end was written later, by somebody that it left behind.
 */
export const terminalBytes = 128 * 1024

/** Copies all that the program writes, each piece after the one before is written: a slow reader holds the program up, nothing is dropped. */
export async function copyOutput(source: Source, write: (piece: Uint8Array) => Promise<void>): Promise<void> {
  let ended = false
  const end = source.ended.then(() => void (ended = true))
  let rest = terminalBytes
  while (rest > 0) {
    const last = ended // asked before the terminal: it may write and end between the two
    const piece = source.read()
    if (piece !== undefined) {
      if (last) rest -= piece.length
      await write(piece)
    } else {
      if (last) return
      await Promise.race([source.readable(), end])
    }
  }
}
