import { inherited } from './inherited.ts'
import { getPosix } from './native.ts'

const RLIMIT_FSIZE = 1

/**
 * Puts back the limit on the size of files that our caller set: the launcher lifts it, since its records are files. For commands that
 * write files or standard output themselves; what they start gets the limit anyway.
 */
export function feelFileSizeLimit(): void {
  const limit = inherited().limits[RLIMIT_FSIZE]
  if (limit !== undefined && limit.soft < limit.hard) getPosix().setrlimit('fsize', { soft: Number(limit.soft) })
}
