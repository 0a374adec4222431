/**
 * Lines of a log. Texts are byte strings: each character is one byte, as everywhere in this house.
 */
export interface Line {
  /** Where it stands in time: its TAI64N label, or that of the line before it. Labels of one length compare as texts do. '' is before all others. */
  place: string
  /** `place` is its own. */
  isLabelled: boolean
  /** What is behind the label and the space; all of it if it has no label. */
  text: string
}

/** `@` and 24 digits. */
export const labelLength = 25
/** A line that is longer is given in pieces, those after the first without a label: nobody's memory is filled by a line that does not end. */
const longestLine = 1 << 20

/** Takes a stream of bytes, in pieces, into lines. Any split of the stream gives the same. */
export class LineReader {
  /** The place of the next line, if it has no label. */
  place: string
  /** What there is of a line that is not at its end, and has not been given. */
  #start = ''
  /** That line has been given in part. */
  #isContinued = false

  /** @param place Of the lines before the first label. */
  constructor(place = '') {
    this.place = place
  }

  /** A line has begun and is not at its end. */
  get isInLine(): boolean {
    return this.#start !== '' || this.#isContinued
  }

  /** The lines that end in this piece. */
  read(piece: string): Line[] {
    const lines: Line[] = []
    const input = this.#start === '' ? piece : this.#start + piece
    let from = 0
    for (let end; (end = input.indexOf('\n', from)) !== -1; from = end + 1) this.#give(lines, input.slice(from, end), true)
    this.#start = input.slice(from)
    for (; this.#start.length > longestLine; this.#start = this.#start.slice(longestLine)) this.#give(lines, this.#start.slice(0, longestLine), false)
    return lines
  }

  /** The line that is not at its end, if the stream is. */
  end(): Line[] {
    const lines: Line[] = []
    if (this.#start !== '') this.#give(lines, this.#start, true)
    this.#start = ''
    this.#isContinued = false
    return lines
  }

  #give(lines: Line[], text: string, isEnd: boolean): void {
    for (; text.length > longestLine; text = text.slice(longestLine)) this.#give(lines, text.slice(0, longestLine), false)
    const isLabelled = !this.#isContinued && beginsWithLabel(text)
    this.#isContinued = !isEnd
    if (isLabelled) this.place = text.slice(0, labelLength)
    lines.push({ place: this.place, isLabelled, text: isLabelled ? text.slice(labelLength + 1) : text })
  }
}

/** Whether a line begins with a label, and a space or nothing behind it. */
export function beginsWithLabel(text: string): boolean {
  if (text.charCodeAt(0) !== 0x40 || text.length < labelLength) return false
  if (text.length > labelLength && text.charCodeAt(labelLength) !== 0x20) return false
  for (let at = 1; at < labelLength; at++) {
    const code = text.charCodeAt(at)
    // 0-9, a-f
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false
  }
  return true
}
