import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { unlessInstalled, versionOf } from '../../campaign/peers/debian.ts'
import type { LoaderGround, LoaderName, Peer } from '../peer.ts'

export const s6: Peer = {
  name: 's6',
  version: () => versionOf('s6'),
  whyNot: () => unlessInstalled('s6', '/usr/bin/s6-svscan'),
  path: '/usr/bin:/bin',
  supervise: (services, most) => ['/usr/bin/s6-svscan', '-c', `${Math.max(500, most * 2)}`, services],
  supervisors: new Set(['s6-svscan', 's6-supervise']),
  // what s6-svscanctl -a does
  rescan(services) {
    const fd = openSync(join(services, '.s6-svscan', 'control'), constants.O_WRONLY | constants.O_NONBLOCK)
    writeSync(fd, 'a')
    closeSync(fd)
  },
  signal: (dir) => ['/usr/bin/s6-svc', '-h', dir],
  loader: (name, ground) => loaders(ground)[name],
  logger: ({ size, stamped, word }, folder) => ['/usr/bin/s6-log', '-b', '--', ...(word === undefined ? [] : ['-.*', `+${word}`]), ...(stamped ? ['t'] : []), `s${size}`, 'n10', folder],
  tai64n: ['/usr/bin/s6-tai64n'],
  tai64nlocal: ['/usr/bin/s6-tai64nlocal'],
}

function loaders({ account, folder, lock }: LoaderGround): Record<LoaderName, readonly string[]> {
  const single = {
    setuidgid: ['/usr/bin/s6-setuidgid', account],
    envuidgid: ['/usr/bin/s6-envuidgid', account],
    envdir: ['/usr/bin/s6-envdir', folder],
    softlimit: ['/usr/bin/s6-softlimit', '-o', '100'],
    setlock: ['/usr/bin/s6-setlock', lock],
    pgrphack: ['/usr/bin/s6-setsid'],
    fghack: ['/usr/bin/s6-fghack'],
  }
  return { ...single, chain: [...single.setlock, ...single.envdir, ...single.softlimit, ...single.setuidgid] }
}
