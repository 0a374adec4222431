const newline = 0x0a

/** Puts a label and a space before each line of a stream that comes in pieces. */
export class LineStamper {
  /** Whether the next byte begins a line. */
  atLineStart = true
  #out = Buffer.alloc(0)

  /**
   * The next piece, stamped; it is good until the next call. Only its own bytes decide: any split of the stream gives the same lines.
   * @param label Of the lines that begin in this piece.
   */
  stamp(piece: Buffer, label: string): Buffer {
    if (piece.length === 0) return piece
    const stamp = `${label} `
    // Within strings the runtime does this several times as fast as we could, line by line, within bytes.
    const text = piece.toString('latin1').replaceAll('\n', `\n${stamp}`)
    const most = stamp.length + text.length
    if (this.#out.length < most) this.#out = Buffer.allocUnsafe(2 * most)
    let length = this.atLineStart ? this.#out.write(stamp, 'latin1') : 0
    length += this.#out.write(text, length, 'latin1')
    this.atLineStart = piece.at(-1) === newline
    // The stamp of the line after this piece will be that of its own piece.
    if (this.atLineStart) length -= stamp.length
    return this.#out.subarray(0, length)
  }
}
