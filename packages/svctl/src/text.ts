/** Text in columns of a terminal. */
import stringWidth from 'string-width'

/** How many columns a text takes. */
export function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text)
}

/** A text that takes at most so many columns; what is cut ends in an ellipsis. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  if (width <= 0) return ''
  let cut = ''
  let taken = 1
  for (const character of text) {
    const more = widthOf(character)
    if (taken + more > width) break
    cut += character
    taken += more
  }
  return `${cut}…`
}

/** Filled up with blanks. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + blanks : blanks + text
}

/** Text in lines of at most so many columns, broken at blanks; a longer word has a line of its own, cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, line]
}
