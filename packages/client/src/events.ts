import { changesBetween, historyOf, type ServiceEvent } from './changes.ts'
import type { Facts } from './facts.ts'
import { lookAt } from './look.ts'
import { listPlaces, logOf, type Place } from './place.ts'
import { directoriesOfService, watchDirectories } from './watch.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

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
  const directories = (): string[] => [...(places === undefined ? [root] : []), ...[...known.values()].flatMap(({ path }) => directoriesOfService(path))]
  for await (const _ of watchDirectories(directories, signal)) {
    const seen = look(places ?? listOrNothing(root), root)
    for (const path of new Set([...known.keys(), ...seen.keys()])) yield* changesBetween(known.get(path), seen.get(path))
    known = seen
  }
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
