import { unlessInstalled, versionOf } from '../../campaign/peers/debian.ts'
import type { Peer } from '../peer.ts'
import { commandsIn } from './daemontools.ts'

/** D. J. Bernstein's own, as Debian has it. */
export const c: Peer = {
  ...commandsIn('/usr/bin'),
  name: 'c',
  version: () => versionOf('daemontools'),
  whyNot: () => unlessInstalled('daemontools', '/usr/bin/svscan'),
  path: '/usr/bin:/bin',
  mostServices: 1000, // svscan.c, SERVICES
  supervisors: new Set(['svscan', 'supervise']),
  lookSeconds: 5,
}
