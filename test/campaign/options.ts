import { allKinds, isKind, type Kind } from './kind.ts'
import { type PeerName, peerNames } from './peer.ts'

export interface Options {
  seed: number
  rounds: number
  /** The first that is played: those before it only count. */
  first: number
  services: number
  only: readonly PeerName[]
  kinds: readonly Kind[]
  /** A file for the report as JSON. */
  json?: string
  /** A copy of a tree's folder stays behind when something was wrong. */
  keep: boolean
}

export const usage = `usage: npm run campaign -- [--seed N] [--rounds N] [--first N] [--services N] [--only ours,c,runit,s6] [--kinds KIND,KIND] [--json FILE] [--keep]`

/** Throws Error, whose message is for a person. @param seed What is taken if none is given. */
export function readOptions(args: readonly string[], seed: number): Options {
  const options: Options = { seed, rounds: 300, first: 1, services: 30, only: peerNames, kinds: allKinds, keep: false }
  const words = [...args]
  for (let name = words.shift(); name !== undefined; name = words.shift()) {
    if (name === '--keep') {
      options.keep = true
      continue
    }
    const value = words.shift()
    if (value === undefined) throw new Error(usage)
    switch (name) {
      case '--seed':
      case '--rounds':
      case '--first':
      case '--services':
        options[name.slice(2) as 'seed' | 'rounds' | 'first' | 'services'] = readNumber(name, value)
        break
      case '--only':
        options.only = value.split(',').map((word) => peerNames.find((peer) => peer === word) ?? refuse(name, peerNames, word))
        break
      case '--kinds':
        options.kinds = readKinds(value)
        break
      case '--json':
        options.json = value
        break
      default:
        throw new Error(usage)
    }
  }
  return options
}

/** Some names have a comma in them. */
function readKinds(text: string): Kind[] {
  const found: Kind[] = []
  for (let rest = text; rest !== ''; ) {
    const kind = allKinds.filter((kind) => rest === kind || rest.startsWith(`${kind},`)).sort((a, b) => b.length - a.length)[0]
    if (kind === undefined || !isKind(kind)) return refuse('--kinds', allKinds, rest)
    found.push(kind)
    rest = rest.slice(kind.length + 1)
  }
  return found
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > 0xffffffff || (number === 0 && name !== '--seed')) throw new Error(`${name}: expected a number, got ${text}`)
  return number
}

function refuse(name: string, allowed: readonly string[], got: string): never {
  throw new Error(`${name}: expected some of ${allowed.map((word) => `"${word}"`).join(', ')}; got "${got}"`)
}
