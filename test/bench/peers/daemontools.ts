/** What all of daemontools' have in common: ours and the C ones have the same names and arguments. */
import { join } from 'node:path'
import type { LoaderName, LoaderGround, Peer } from '../peer.ts'

type Commands = Pick<Peer, 'supervise' | 'signal' | 'loader' | 'logger' | 'tai64n' | 'tai64nlocal'>

/** @param folder Of the commands. */
export function commandsIn(folder: string): Commands {
  const at = (name: string): string => join(folder, name)
  const loaders = ({ account, folder: values, lock }: LoaderGround): Record<LoaderName, readonly string[]> => ({
    setuidgid: [at('setuidgid'), account],
    envuidgid: [at('envuidgid'), account],
    envdir: [at('envdir'), values],
    softlimit: [at('softlimit'), '-o', '100'],
    setlock: [at('setlock'), lock],
    pgrphack: [at('pgrphack')],
    fghack: [at('fghack')],
    chain: [at('setlock'), lock, at('envdir'), values, at('softlimit'), '-o', '100', at('setuidgid'), account],
  })
  return {
    supervise: (services) => [at('svscan'), services],
    signal: (dir) => [at('svc'), '-h', dir],
    loader: (name, ground) => loaders(ground)[name],
    logger: ({ size, stamped, word }, log) => [at('multilog'), ...(stamped ? ['t'] : []), ...(word === undefined ? [] : ['-*', `+*${word}*`]), `s${size}`, 'n10', log],
    tai64n: [at('tai64n')],
    tai64nlocal: [at('tai64nlocal')],
  }
}
