/** Tells the tour on a terminal, or to whatever reads our stdout. */

export interface Narrator {
  title(text: string): void
  /** Text as it is: of any width, so that it can be copied. */
  plain(text: string): void
  command(command: string): void
  /** What a command printed; lines wider than the screen are cut. */
  output(text: string): void
  result(lines: readonly string[]): void
}

/** Writes to a stream; styles only a terminal, and only if NO_COLOR does not ask for none. */
export function narrate(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Narrator {
  const width = stream.columns || 80
  const styled = stream.isTTY && !environment['NO_COLOR']
  const style = (code: number, text: string): string => (styled ? `\x1b[${code}m${text}\x1b[0m` : text)
  const write = (line: string): void => void stream.write(line + '\n')
  return {
    title: (text) => write('\n' + style(bold, text)),
    plain: write,
    command: (command) => write(`   ${style(bold, `$ ${command}`)}`),
    output: (text) => {
      for (const line of text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)) if (text !== '') write(style(dim, cut(`   ${line}`, width)))
    },
    result: (lines) => {
      for (const [index, line] of lines.entries()) write(`${index === 0 ? '-> ' : '   '}${line}`)
    },
  }
}

/** A line that fits; three dots stand for what was cut off. */
export function cut(line: string, width: number): string {
  return line.length <= width ? line : line.slice(0, width - 3) + '...'
}

const bold = 1
const dim = 2
