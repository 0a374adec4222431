import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Told, Peer } from '../peer.ts'
import { readPacked } from './classic.ts'
import { oursOnly, unlessInstalled, versionOf } from './debian.ts'

export const s6: Peer = {
  name: 's6',
  title: 's6',
  version: () => versionOf('s6'),
  whyNot: () => unlessInstalled('s6', '/usr/bin/s6-svscan'),
  unsupported: oursOnly,
  command: (services) => ['/usr/bin/s6-svscan', services],
  path: '/usr/bin:/bin',
  supervisors: new Set(['s6-svscan', 's6-supervise']),
  logger: (log) => ['/usr/bin/s6-log', '-b', 'n10000', 's99999', log],
  mostRead: 8191, // seen: the size of its reads
  readStatus,
  // s6-svscanctl -an: look for new ones, end those that have no link
  rescan: (services) => tell(join(services, '.s6-svscan', 'control'), 'an'),
  stopsUnlinked: true,
  words: /^s6-supervise .*: fatal: (unable to lock supervise\/lock|another instance of s6-supervise is already running)|^s6-log: (warning|fatal): /,
}

/** 35 bytes: 24–31 the pid, big-endian; 34 flags: 1 paused, 2 finishing, 4 wanted up, 8 ready. */
function readStatus(dir: string): Told | undefined {
  const packed = readPacked(dir)
  if (packed?.length !== 35) return undefined
  const flags = packed[34]!
  return { pid: (flags & 2) === 0 ? Number(packed.readBigUInt64BE(24)) : 0, paused: (flags & 1) !== 0, wantedUp: (flags & 4) !== 0 }
}

function tell(fifo: string, letters: string): void {
  const fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
  writeSync(fd, letters)
  closeSync(fd)
}
