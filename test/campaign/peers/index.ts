import type { Peer, PeerName } from '../peer.ts'
import { c } from './c.ts'
import { ours } from './ours.ts'
import { runit } from './runit.ts'
import { s6 } from './s6.ts'

export { ours }

export const peers: Readonly<Record<PeerName, Peer>> = { ours, c, runit, s6 }
