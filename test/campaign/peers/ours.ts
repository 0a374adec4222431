import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fixture, ours as implementation } from '../../support/implementation.ts'
import { readRecord } from '../../support/status.ts'
import type { Peer } from '../peer.ts'
import { readClassic } from './classic.ts'

const { folder } = implementation

export const ours: Peer = {
  name: 'ours',
  title: 'ours',
  version: () => JSON.parse(readFileSync(join(dirname(fixture('')), '..', 'package.json'), 'utf8')).version as string,
  whyNot: () => (existsSync(join(folder, 'svscan')) ? undefined : `svscan is not built in ${folder}`),
  unsupported: { 'kill svscan alone': 'it is one process' },
  command: (services) => [join(folder, 'svscan'), services],
  path: `${folder}:/usr/bin:/bin`,
  supervisors: new Set(), // the topmost one is the only one
  logger: (log) => [join(folder, 'multilog'), 's99999', 'n10000', log],
  // one to watch each process that it has not started itself, and one to wait for them all
  moreDescriptors: (sort, units) => (sort === 'anon_inode:[pidfd]' ? units : sort === 'anon_inode:[eventpoll]' ? 1 : 0),
  mostRead: 65536, // docs/deviations.md, read-ahead
  readStatus: readClassic,
  readLastEnd,
  words: /^multilog: warning: unable to (write to|create|open) .*, pausing: (out of disk space|no space left on device)$/,
}

/** docs/protocol.md: state.json. */
function readLastEnd(dir: string): string {
  let record = readRecord(dir)
  for (let tries = 1; record === undefined && tries < 20; tries++) record = readRecord(dir)
  if (record === undefined) throw new Error(`${dir}: no whole state.json`)
  const { lastExit } = record
  return lastExit?.signal ?? (lastExit?.code === undefined ? 'unknown' : `${lastExit.code}`)
}
