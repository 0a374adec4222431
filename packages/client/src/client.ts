/** The whole picture: services with what they take, and their causes. */
import type { Facts } from './facts.ts'
import { lookAt } from './look.ts'
import type { Place } from './place.ts'
import { readProcesses, svscanOf, uptime } from './processes.ts'
import { describe, type Service } from './service.ts'
import { isUnclear } from './situation.ts'
import { watchStarts } from './wait.ts'

/** So long a service is watched that has started just now: two starts of a loop that is paced by a second are seen. */
const watchMilliseconds = 2300

/** Looks at services, each once, and at the processes of the system. */
export function readServices(places: readonly Place[], root: string): Service[] {
  const processes = readProcesses()
  const svscan = svscanOf(root, processes)
  const seconds = uptime()
  return places.map((place) => describe({ ...lookAt(place, root), svscan }, processes, seconds))
}

/** The facts about a service for a diagnosis: one that has started or ended just now is watched for two seconds. */
export async function examine(place: Place, root: string, signal?: AbortSignal): Promise<Facts> {
  const svscan = svscanOf(root, readProcesses())
  const facts = lookAt(place, root)
  return { ...(isUnclear(facts) ? await watchStarts(place, root, watchMilliseconds, signal) : facts), svscan }
}
