import type { PeerName } from '../column.ts'
import type { Peer } from '../peer.ts'
import { c } from './c.ts'
import { executable, ours } from './ours.ts'
import { runit } from './runit.ts'
import { s6 } from './s6.ts'

export const peers: Readonly<Record<PeerName, Peer>> = { ours, executable, c, runit, s6 }
