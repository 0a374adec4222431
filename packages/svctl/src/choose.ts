import { findPlaces, listPlaces, type Place } from '@daemontools-ts/client'
import { Failure, outcome } from './failure.ts'
import { nearest } from './nearest.ts'

/** The services that the words mean; all, if there are none. Throws Failure for the first that means nothing. */
export function choose(words: readonly string[], root: string): Place[] {
  const { places, unknown } = attempt(root, () => (words.length === 0 ? { places: listPlaces(root), unknown: [] } : findPlaces(words, root)))
  const [first] = unknown
  if (first === undefined) return places
  const meant = nearest(first, attempt(root, () => listPlaces(root)).map(({ name }) => name))
  throw new Failure({ what: `unable to find ${first}`, why: `no such service in ${root}, and no such path`, next: meant === undefined ? 'svctl ls lists the services' : `did you mean ${meant}?`, code: outcome.misuse })
}

function attempt<T>(root: string, list: () => T): T {
  try {
    return list()
  } catch (why) {
    throw new Failure({ what: `unable to read the service folder ${root}`, why, next: 'name another with --root DIR or SVCTL_ROOT' })
  }
}
