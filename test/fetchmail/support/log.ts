/** A multilog directory as a person reads it: from outside, while it is written. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { until } from '../../support/until.ts'

export class Log {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Each line with its stamp. */
  get stamped(): string[] {
    const names = fs.existsSync(this.#folder) ? fs.readdirSync(this.#folder) : []
    const files = [...names.filter((name) => name.startsWith('@')).sort(), ...names.filter((name) => name === 'current')]
    return files.flatMap((name) => fs.readFileSync(join(this.#folder, name), 'latin1').split('\n').slice(0, -1))
  }

  get lines(): string[] {
    return this.stamped.map((line) => line.replace(/^@[0-9a-f]{24} /, ''))
  }

  /** The lines from here on are new. */
  get end(): number {
    return this.stamped.length
  }

  /** Waits for lines that match, in this order, from `start` on. Returns the index behind the last. */
  async shows(start: number, ...patterns: RegExp[]): Promise<number> {
    let next = start
    for (const pattern of patterns) {
      const here = next
      const found = await until(`a log line ${pattern}`, () => findFrom(this.lines, here, pattern), () => `the last lines:\n${this.lines.slice(start).slice(-30).join('\n')}`)
      next = found + 1
    }
    return next
  }

  /** The lines since `start` that match. */
  since(start: number, pattern: RegExp): string[] {
    return this.lines.slice(start).filter((line) => pattern.test(line))
  }
}

function findFrom(lines: readonly string[], start: number, pattern: RegExp): number | undefined {
  const index = lines.slice(start).findIndex((line) => pattern.test(line))
  return index === -1 ? undefined : start + index
}
