import * as fs from 'node:fs'
import { getLibc } from './native.ts'
import { decodeInherited, encodeInherited, type Inherited } from './record.ts'

/** What this process inherited, and the memory file in which the launcher noted it. */
interface Record {
  inherited: Inherited
  /** The memory file, -1 if this process was not started by the launcher (a test, say). */
  fd: number
}

let record: Record | undefined

/** What this process inherited before the runtime touched it. The launcher passes the number of its record as the first argument. */
export function inherited(): Inherited {
  return launchRecord().inherited
}

/** The same with the descriptor of the memory file, which what we start is told through. */
export function launchRecord(): Record {
  return (record ??= readRecord())
}

/** From now on this is what we have inherited: what we were before we executed ourselves had. */
export function assumeInherited(inherited: Inherited): void {
  record = { inherited, fd: launchRecord().fd }
}

/** Writes the record of the next command that this process becomes, and forgets its own. */
export function passOn(inherited: Inherited): void {
  const { fd } = launchRecord()
  const bytes = encodeInherited(inherited)
  fs.ftruncateSync(fd)
  fs.writeSync(fd, bytes, 0, bytes.length, 0)
  record = undefined
}

function readRecord(): Record {
  const [fd, gone] = (process.argv[2] ?? '').split(':').map(Number)
  if (Number.isInteger(fd) && isMemoryFile(fd!)) {
    if (gone !== undefined && gone !== -1) goBack(gone)
    return { inherited: decodeInherited(readAll(fd!)), fd: fd! }
  }
  return { inherited: asFound(), fd: -1 }
}

/** Into the directory that was removed while we were in it. */
function goBack(directory: number): void {
  getLibc().fchdir(directory)
  fs.closeSync(directory)
}

function isMemoryFile(fd: number): boolean {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('/memfd:launch ')
  } catch {
    return false
  }
}

function readAll(fd: number): Buffer {
  const bytes = Buffer.alloc(fs.fstatSync(fd).size)
  fs.readSync(fd, bytes, 0, bytes.length, 0)
  return bytes
}

/** Without the launcher: what the runtime has left of it. */
function asFound(): Inherited {
  const latin1 = (text: string): string => Buffer.from(text).toString('latin1')
  return {
    limits: [],
    ignoredSignals: 0n,
    blockedSignals: 0n,
    descriptors: [0, 1, 2],
    args: process.argv.slice(1).map(latin1),
    environment: Object.entries(process.env).map(([name, value]) => latin1(`${name}=${value}`)),
  }
}
