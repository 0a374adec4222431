/** Made-up services, as the library describes them. */
import type { Diagnosis, Service } from '@daemontools-ts/client'

/** Unix time in milliseconds of the look. */
export const now = Date.UTC(2026, 10, 27, 18, 0, 0)

export const fine: Diagnosis = { rule: 'fine', severity: 'fine', short: '', cause: 'nothing is wrong: it runs since 1h', advice: undefined, command: undefined }
export const looping: Diagnosis = {
  rule: 'crash-loop',
  severity: 'trouble',
  short: 'keeps ending: exited 3',
  cause: 'it ends again and again: exited 3, within a second of its start, restarted 14 times so far',
  advice: undefined,
  command: 'svctl status mail',
}
export const takenDown: Diagnosis = { rule: 'taken-down', severity: 'notice', short: 'taken down 5m ago', cause: 'it was taken down (svc -d), 5m ago', advice: undefined, command: 'svctl up old' }

export function service(name: string, changes: Partial<Service> = {}): Service {
  return {
    ...{ name, path: `/service/${name}`, state: 'up', want: 'up', pid: 812, since: new Date(now - 3_600_000), sinceTai64n: null, ready: null, restarts: 0, lastExit: null },
    ...{ nextStart: null, normallyUp: true, usage: { processes: 1, cpuPercent: 0.4, memoryBytes: 5_000_000 }, diagnoses: [fine], log: null },
    ...changes,
  }
}

export const web = service('web', { log: { state: 'up', pid: 811, directory: '/var/multilog/web', lastLineAt: new Date(now - 1000) } })
export const mail = service('mail', {
  ...{ state: 'waiting', pid: null, since: new Date(now - 500), restarts: 14, usage: null, diagnoses: [looping], nextStart: new Date(now + 12_000) },
  lastExit: { code: 3, meaning: null, at: new Date(now - 500) },
  log: { state: 'up', pid: 813, directory: '/var/multilog/mail', lastLineAt: new Date(now - 600) },
})
export const old = service('old', { state: 'down', want: 'down', pid: null, since: new Date(now - 300_000), usage: null, diagnoses: [takenDown], lastExit: { signal: 'SIGTERM', meaning: 'asked to end', at: new Date(now - 300_000) } })
