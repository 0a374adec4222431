/** Puts a label and a space before each line of a stream that comes in pieces. */
export class LineStamper {
  readonly #label: () => string
  #atLineStart = true

  /** @param label The label of the line that begins now. */
  constructor(label: () => string) {
    this.#label = label
  }

  /** The next piece, stamped. Only its own bytes decide: any split of the stream gives the same lines. */
  stamp(piece: Buffer): Buffer {
    const out: Buffer[] = []
    for (let start = 0; start < piece.length; ) {
      if (this.#atLineStart) out.push(Buffer.from(this.#label() + ' ', 'latin1'))
      const newline = piece.indexOf(0x0a, start)
      const end = newline === -1 ? piece.length : newline + 1
      out.push(piece.subarray(start, end))
      this.#atLineStart = newline !== -1
      start = end
    }
    return Buffer.concat(out)
  }
}
