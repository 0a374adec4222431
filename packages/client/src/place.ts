/** Which services a person means: names in the service folder, patterns of them, and paths. */
import * as fs from 'node:fs'
import { basename, join, resolve } from 'node:path'

/** Where svscanboot looks. */
export const defaultRoot = '/service'

export interface Place {
  /** As a person would call it. */
  name: string
  path: string
  /** It is an entry of the service folder, or the log of one. */
  isInRoot: boolean
}

/** The entries of the service folder that svscan would look at, by name; a link that leads nowhere is one. Throws the system's refusal. */
export function listPlaces(root: string): Place[] {
  const entries = fs.readdirSync(root, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink())).map(({ name }) => name)
  return names.sort().map((name) => ({ name, path: join(root, name), isInRoot: true }))
}

/**
 * The services that the words mean, each once, in their order: a name or a pattern (`*`, `?`, `[a-z]`) of the service folder, with `/log` behind it
 * perhaps, or a path, which has a slash in it. What means nothing is in `unknown`. Throws the system's refusal.
 */
export function findPlaces(words: readonly string[], root: string): { places: Place[]; unknown: string[] } {
  const found = new Map<string, Place>()
  const unknown: string[] = []
  for (const word of words) {
    const places = placesOf(word, root)
    if (places.length === 0) unknown.push(word)
    for (const place of places) found.set(resolve(place.path), place)
  }
  return { places: [...found.values()], unknown }
}

function placesOf(word: string, root: string): Place[] {
  const [, name, log] = /^([^/]+)(\/log)?\/?$/.exec(word) ?? []
  if (name !== undefined && name !== '.' && name !== '..') {
    const isMeant = /[*?[]/.test(name) ? patternOf(name) : { test: (each: string) => each === name }
    const places = listPlaces(root).filter((place) => isMeant.test(place.name))
    const all = log === undefined ? places : places.filter(({ path }) => fs.existsSync(join(path, 'log'))).map(logOf)
    if (all.length > 0 || log === undefined) return all
  }
  return exists(word) ? [placeAt(word, root)] : []
}

/** The log of a service. */
export function logOf({ name, path, isInRoot }: Place): Place {
  return { name: `${name}/log`, path: join(path, 'log'), isInRoot }
}

function placeAt(word: string, root: string): Place {
  const path = resolve(word)
  const folder = resolve(root)
  const isInRoot = resolve(path, '..') === folder
  if (isInRoot) return { name: basename(path), path, isInRoot }
  if (basename(path) === 'log' && resolve(path, '../..') === folder) return { name: `${basename(resolve(path, '..'))}/log`, path, isInRoot: true }
  return { name: word, path, isInRoot }
}

function exists(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** A shell's pattern for names. */
export function patternOf(glob: string): RegExp {
  const source = glob.replace(/\*|\?|\[!?[^\]]+\]|[\\^$.+(){}|[\]]/g, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length === 1) return `\\${part}`
    return part.replace('[!', '[^').replaceAll('\\', '\\\\')
  })
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    return /(?!)/ // [z-a]: no name
  }
}
