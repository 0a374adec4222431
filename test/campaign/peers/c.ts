import type { Peer } from '../peer.ts'
import { readClassic } from './classic.ts'
import { oursOnly, unlessInstalled, versionOf } from './debian.ts'

/** D. J. Bernstein's own, as Debian has it. */
export const c: Peer = {
  name: 'c',
  title: 'daemontools (C)',
  version: () => versionOf('daemontools'),
  whyNot: () => unlessInstalled('daemontools', '/usr/bin/svscan'),
  unsupported: oursOnly,
  command: (services) => ['/usr/bin/svscan', services],
  path: '/usr/bin:/bin',
  supervisors: new Set(['svscan', 'supervise']),
  logger: (log) => ['/usr/bin/multilog', 's99999', 'n10000', log],
  mostRead: 1024, // the buffer of multilog.c
  readStatus: readClassic,
  collectsLate: true, // every five seconds, and by then starts others
  // A new svscan starts a supervise beside one that lives, every five seconds; a logger beside another cannot have its folder.
  words: /^supervise: fatal: unable to acquire .*\/supervise\/lock: temporary failure$|^multilog: (warning: unable to .*, pausing|fatal: unable to lock directory .*): /,
}
