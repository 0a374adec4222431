/** What a supervisor says, line by line, as it comes. */
import { readFileSync } from 'node:fs'

export class Words {
  readonly #file: string
  #seen = 0

  constructor(file: string) {
    this.#file = file
  }

  /** The lines since the last look. */
  look(): string[] {
    const text = readFileSync(this.#file, 'latin1')
    const end = text.lastIndexOf('\n') + 1
    const lines = text.slice(this.#seen, end).split('\n').slice(0, -1)
    this.#seen = end
    return lines
  }

  tail(lines: number): string[] {
    return readFileSync(this.#file, 'latin1').split('\n').slice(0, -1).slice(-lines)
  }
}
