import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unlessInstalled, versionOf } from '../../campaign/peers/debian.ts'
import type { LoaderGround, LoaderName, LogPlan, Peer } from '../peer.ts'

export const runit: Peer = {
  name: 'runit',
  version: () => versionOf('runit'),
  whyNot: () => unlessInstalled('runit', '/usr/bin/runsvdir'),
  path: '/usr/bin:/bin',
  supervise: (services) => ['/usr/bin/runsvdir', services],
  mostServices: 1000, // runsvdir.c, MAXSERVICES
  supervisors: new Set(['runsvdir', 'runsv']),
  lookSeconds: 5,
  signal: (dir) => ['/usr/bin/sv', 'hup', dir],
  loader: (name, ground) => loaders(ground)[name],
  logger(plan, folder) {
    writeFileSync(join(folder, 'config'), config(plan))
    return ['/usr/bin/svlogd', ...(plan.stamped ? ['-t'] : []), folder]
  },
}

/** One program for all, and for a chain of them. */
function loaders({ account, folder, lock }: LoaderGround): Partial<Record<LoaderName, readonly string[]>> {
  const options = {
    setuidgid: ['-u', account],
    envuidgid: ['-U', account],
    envdir: ['-e', folder],
    softlimit: ['-o', '100'],
    setlock: ['-l', lock],
    pgrphack: ['-P'],
    chain: ['-l', lock, '-e', folder, '-o', '100', '-u', account],
  }
  return Object.fromEntries(Object.entries(options).map(([name, words]) => [name, ['/usr/bin/chpst', ...words]]))
}

function config({ size, word }: LogPlan): string {
  return [...(word === undefined ? [] : ['-*', `+*${word}*`]), `s${size}`, 'n10', ''].join('\n')
}
