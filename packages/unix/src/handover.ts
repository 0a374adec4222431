/** A daemon that executes itself anew: the same process, the same open files, other code. */
import * as fs from 'node:fs'
import { cString } from './files.ts'
import { assumeInherited, inherited } from './inherited.ts'
import { errno, getLibc } from './native.ts'
import { decodeInherited, encodeInherited } from './record.ts'

const F_SETFD = 2
const FD_CLOEXEC = 1
const memoName = 'handover'

/**
 * Replaces this process by a command, which gets what we have inherited, a document, and some of our descriptors under their numbers.
 * Returns only if it cannot be executed, with the errno; then nothing has changed.
 * @param path One of `dist/command/`.
 */
export function handOver(path: string, document: string, descriptors: readonly number[]): number {
  const { memfd_create, fcntl, execve } = getLibc()
  const memo = memfd_create(cString(memoName), 0)
  if (memo === -1) return errno()
  try {
    const text = JSON.stringify({ inherited: encodeInherited(inherited()).toString('latin1'), document })
    fs.writeFileSync(memo, text)
    for (const fd of descriptors) fcntl(fd, F_SETFD, 0)
    execve(cString(path), [...inherited().args.map(cString), null], [null])
    const why = errno()
    for (const fd of descriptors) fcntl(fd, F_SETFD, FD_CLOEXEC)
    return why
  } finally {
    fs.closeSync(memo)
  }
}

/**
 * The document that what this process was before has handed over; undefined if it was started in the ordinary way. inherited() tells from
 * then on what that had inherited.
 */
export function receiveHandover(): string | undefined {
  const memo = inherited().descriptors.find(isMemo)
  if (memo === undefined) return undefined
  const packed = Buffer.alloc(fs.fstatSync(memo).size)
  fs.readSync(memo, packed, 0, packed.length, 0)
  fs.closeSync(memo)
  const { inherited: record, document } = JSON.parse(packed.toString('utf8')) as { inherited: string; document: string }
  assumeInherited(decodeInherited(Buffer.from(record, 'latin1')))
  return document
}

/** What was handed over is for us, not for the programs that we start. */
export function closeOnExec(descriptors: readonly number[]): void {
  for (const fd of descriptors) getLibc().fcntl(fd, F_SETFD, FD_CLOEXEC)
}

function isMemo(fd: number): boolean {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(`/memfd:${memoName} `)
  } catch {
    return false
  }
}
