import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { changesBetween, historyOf, type ServiceEvent } from './changes.ts'
import type { Facts } from './facts.ts'
import { lookAt } from './look.ts'
import { listPlaces, logOf, type Place } from './place.ts'
import { slowMilliseconds, watchDirectories } from './watch.ts'

/** A look at everything that nobody has asked for may take a part of the time as small as that. */
const busyFactor = 50

export interface EventOptions {
  /** The services; default: all in the service folder, also those that come. */
  places?: readonly Place[]
  signal?: AbortSignal
  /** Begin with what the files tell of the past. */
  history?: boolean
}

/** The changes of services and their logs from now on, in the order in which they are seen, until the signal aborts. Throws the system's refusal to list the folder at first. */
export async function* events(root: string, { places, signal, history = false }: EventOptions = {}): AsyncGenerator<ServiceEvent, void> {
  let known = look(places ?? listPlaces(root), root)
  if (history) yield* past(known.values())
  let slow = slowMilliseconds
  const directories = (): string[] => [...(places === undefined ? [root] : []), ...[...known.keys()].map((path) => (existsSync(watchedOf(path)) ? watchedOf(path) : path))]
  for await (const changed of watchDirectories(directories, signal, () => slow)) {
    const began = performance.now()
    const isPartial = changed !== undefined && !changed.has(root)
    const seen = isPartial ? lookAgain(known, changed, root) : look(places ?? listOrNothing(root), root)
    for (const path of new Set([...known.keys(), ...seen.keys()])) if (seen.get(path) !== known.get(path)) yield* changesBetween(known.get(path), seen.get(path))
    known = seen
    if (!isPartial) slow = Math.max(slowMilliseconds, busyFactor * (performance.now() - began))
  }
}

/** What changes of a service is in there; until it is supervised, in itself. */
function watchedOf(path: string): string {
  return join(path, 'supervise')
}

/** Looks at those services in whose directories something has changed. */
function lookAgain(known: ReadonlyMap<string, Facts>, changed: ReadonlySet<string>, root: string): Map<string, Facts> {
  return new Map([...known].map(([path, facts]) => [path, changed.has(watchedOf(path)) || changed.has(path) ? lookAt(facts, root) : facts]))
}

/** What the files tell of the past, oldest first. */
export function past(all: Iterable<Facts>): ServiceEvent[] {
  return [...all].flatMap(historyOf).sort((one, other) => one.at.getTime() - other.at.getTime())
}

/** Services and logs, by path. */
export function look(places: readonly Place[], root: string): Map<string, Facts> {
  const all = places.flatMap((place) => (!place.path.endsWith('/log') && existsSync(join(place.path, 'log')) ? [place, logOf(place)] : [place]))
  return new Map(all.map((place) => [place.path, lookAt(place, root)]))
}

function listOrNothing(root: string): Place[] {
  try {
    return listPlaces(root)
  } catch {
    return []
  }
}
