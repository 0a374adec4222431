import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Peer } from '../peer.ts'
import { readClassic } from './classic.ts'
import { oursOnly, unlessInstalled, versionOf } from './debian.ts'

export const runit: Peer = {
  name: 'runit',
  title: 'runit',
  version: () => versionOf('runit'),
  whyNot: () => unlessInstalled('runit', '/usr/bin/runsvdir'),
  unsupported: { ...oursOnly, 'link away and back': 'it stops what has no link' },
  command: (services) => ['/usr/bin/runsvdir', services],
  path: '/usr/bin:/bin',
  supervisors: new Set(['runsvdir', 'runsv']),
  logger: (log) => ['/usr/bin/svlogd', log],
  prepareLog: (log) => writeFileSync(join(log, 'config'), 's99999\nn10000\n'),
  mostRead: 1024, // svlogd -b
  readStatus: readClassic,
  stopsUnlinked: true,
  words: /^runsv .*: fatal: unable to lock supervise\/lock: temporary failure$|^svlogd: (warning|pausing|fatal): /,
}
