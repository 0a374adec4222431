export type Hue = 'red' | 'yellow' | 'green' | 'dim' | 'bold'

const codes: Record<Hue, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

/** A text in a colour, if there are colours. A colour never says what the words do not. */
export function paint(text: string, hue: Hue | undefined, color: boolean): string {
  return color && hue !== undefined && text !== '' ? `\x1b[${codes[hue]}m${text}\x1b[0m` : text
}

/** Whether a stream gets colours when nobody has said so: https://no-color.org, and FORCE_COLOR before it, as Node has it. */
export function hasColors(isTerminal: boolean, variable: (name: string) => string | undefined): boolean {
  const forced = variable('FORCE_COLOR')
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTerminal && (variable('NO_COLOR') ?? '') === '' && variable('TERM') !== 'dumb'
}
