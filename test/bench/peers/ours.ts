import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fixture, ours as implementation } from '../../support/implementation.ts'
import type { Peer } from '../peer.ts'
import { commandsIn } from './daemontools.ts'

const checkout = join(dirname(fixture('')), '..')
const executables = join(checkout, 'dist', 'exe', 'command')

export const ours: Peer = ourOwn('ours', implementation.folder)

/** The same code with its runtime in one file, which needs no Node. */
export const executable: Peer = ourOwn('executable', executables)

function ourOwn(name: 'ours' | 'executable', folder: string): Peer {
  return {
    ...commandsIn(folder),
    name,
    version: () => JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).version as string,
    whyNot: () => (existsSync(join(folder, 'svscan')) ? undefined : 'it is not built'),
    path: `${folder}:/usr/bin:/bin`,
    supervisors: new Set(['svscan', 'launch']),
    sharedLogger: (shared) => [join(folder, 'multilogd'), shared],
    restFactor: 2, // packages/svscan/src/svscan.ts
  }
}
