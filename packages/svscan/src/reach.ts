import { errnoOf } from '@daemontools-ts/unix'
import type { Listed } from './rescan.ts'
import type { Service } from './svscan.ts'

const ETIMEDOUT = 110

/** A service whose directory does not answer is left in peace, until it is seen to answer: its name may be gone meanwhile, or another's. */
export function noteReach(services: ReadonlyMap<string, Pick<Service, 'name' | 'main' | 'log'>>, listing: readonly Listed[]): void {
  const hanging = new Set<string>()
  for (const listed of listing) {
    if (listed.type === 'failed' && errnoOf(listed.failure) === ETIMEDOUT) hanging.add(listed.name)
    else if (listed.type === 'directory') set(services.get(listed.key), true)
  }
  for (const service of services.values()) if (hanging.has(service.name)) set(service, false)
}

function set(service: Pick<Service, 'main' | 'log'> | undefined, reachable: boolean): void {
  for (const supervisor of [service?.main, service?.log]) if (supervisor !== undefined) supervisor.reachable = reachable
}
