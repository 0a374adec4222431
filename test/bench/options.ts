export interface Options {
  /** Of each row; the slow ones have fewer. */
  rounds: number
  /** Less of everything: whether it works, not what it says. */
  quick: boolean
  /** 5,000 services too. */
  large: boolean
  /** Words: the name of a row, or of a group of rows. None: all. */
  only: readonly string[]
  /** After so many minutes no other round begins. */
  minutes: number
  /** Files for the report. */
  json?: string
  markdown?: string
}

/** @param words The names that --only may have. */
export function usage(words: readonly string[]): string {
  return `usage: npm run bench -- [--only ROW,ROW] [--rounds N] [--minutes N] [--quick] [--large] [--json FILE] [--markdown FILE]\nrows: ${words.join(', ')}`
}

/** Throws Error, whose message is for a person. @param words The names that --only may have. */
export function readOptions(args: readonly string[], words: readonly string[]): Options {
  const options: Options = { rounds: 7, quick: false, large: false, only: [], minutes: 45 }
  let rounds: number | undefined
  const rest = [...args]
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '--quick' || name === '--large') {
      options[name.slice(2) as 'quick' | 'large'] = true
      continue
    }
    const value = rest.shift()
    if (value === undefined) throw new Error(usage(words))
    switch (name) {
      case '--rounds':
        rounds = readNumber(name, value)
        break
      case '--minutes':
        options.minutes = readNumber(name, value)
        break
      case '--only':
        options.only = value.split(',').map((word) => words.find((one) => one === word) ?? refuse(word, words))
        break
      case '--json':
      case '--markdown':
        options[name.slice(2) as 'json' | 'markdown'] = value
        break
      default:
        throw new Error(usage(words))
    }
  }
  options.rounds = rounds ?? (options.quick ? 2 : options.rounds)
  return options
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number === 0 || number > 1000) throw new Error(`${name}: expected a number from 1 to 1000, got ${text}`)
  return number
}

function refuse(got: string, allowed: readonly string[]): never {
  throw new Error(`--only: expected some of ${allowed.join(', ')}; got "${got}"`)
}
