/** What a process may do with files, as /proc shows it: whether one can act for another. */
import * as fs from 'node:fs'
import { inherited } from './inherited.ts'

/** Each a text that is equal if what it stands for is; undefined: it cannot be seen. By the words for a person. */
export type Rights = Readonly<Record<(typeof names)[number], string | undefined>>

const names = ['user', 'groups', 'capabilities', 'root directory', 'mounts', 'user namespace', 'security label', 'limit on file sizes'] as const

/** Of a process that has not changed what it inherited. */
export function rightsOf(pid: number): Rights {
  return { ...seen(pid), 'limit on file sizes': fileSizeLimit(pid) }
}

/** Of this process. The runtime has lifted limits: what we inherited counts. */
export function ownRights(): Rights {
  const limit = inherited().limits[1]?.soft // RLIMIT_FSIZE
  const unlimited = (1n << 64n) - 1n
  return { ...seen('self'), 'limit on file sizes': limit === undefined ? fileSizeLimit('self') : limit === unlimited ? 'unlimited' : `${limit}` }
}

/** What of them is different, or not to be seen of both; undefined if nothing is. Not every kernel has security labels. */
export function differenceOf(one: Rights, other: Rights): string | undefined {
  return names.find((name) => one[name] !== other[name] || (one[name] === undefined && name !== 'security label'))
}

function seen(pid: number | 'self'): Omit<Rights, 'limit on file sizes'> {
  const status = read(`/proc/${pid}/status`) ?? ''
  const field = (name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1]
  return {
    user: field('Uid'),
    groups: both(field('Gid'), field('Groups')),
    capabilities: field('CapEff'),
    'root directory': identity(`/proc/${pid}/root`),
    mounts: link(`/proc/${pid}/ns/mnt`),
    'user namespace': link(`/proc/${pid}/ns/user`),
    'security label': read(`/proc/${pid}/attr/current`),
  }
}

/** The order of the supplementary groups means nothing. */
function both(ids: string | undefined, groups: string | undefined): string | undefined {
  return ids === undefined || groups === undefined ? undefined : `${ids} and ${groups.split(' ').sort().join(' ')}`
}

function fileSizeLimit(pid: number | 'self'): string | undefined {
  return /^Max file size +(\S+)/m.exec(read(`/proc/${pid}/limits`) ?? '')?.[1]
}

function read(path: string): string | undefined {
  return quietly(() => fs.readFileSync(path, 'latin1'))
}

function link(path: string): string | undefined {
  return quietly(() => fs.readlinkSync(path))
}

function identity(path: string): string | undefined {
  return quietly(() => {
    const { dev, ino } = fs.statSync(path, { bigint: true })
    return `${dev}:${ino}`
  })
}

/** The process may be gone, or closed to us. */
function quietly(look: () => string): string | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
