import { SystemError } from './errno.ts'
import type { Inherited } from './record.ts'

const RLIMIT_NOFILE = 7
const EMFILE = 24

/**
 * The numbers that open(2) and dup(2) would give one after the other to a program that inherited this: the lowest ones that are free and below
 * the limit on open files, so perhaps fewer than asked for. In our own process the runtime sits on them.
 */
export function freeDescriptors({ descriptors, limits }: Pick<Inherited, 'descriptors' | 'limits'>, count: number): number[] {
  const taken = new Set(descriptors)
  const limit = limits[RLIMIT_NOFILE]?.soft
  const free: number[] = []
  for (let fd = 0; free.length < count && (limit === undefined || BigInt(fd) < limit); fd++) if (!taken.has(fd)) free.push(fd)
  return free
}

/** Throws EMFILE where a C program that inherited this could not have so many files open at a time: the launcher has lifted the limit for us. */
export function expectDescriptors(inherited: Pick<Inherited, 'descriptors' | 'limits'>, count: number): void {
  if (freeDescriptors(inherited, count).length < count) throw new SystemError('open', EMFILE)
}
