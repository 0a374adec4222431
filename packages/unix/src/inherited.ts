import { getLibc } from './native.ts'
import { bytes } from './files.ts'
import { decodeInherited, encodeInherited, type Inherited } from './record.ts'
import { close, empty, read, readLink, write } from './syscalls.ts'

/** What this process inherited, and the memory file in which the launcher noted it. */
interface LaunchRecord {
  inherited: Inherited
  /** The memory file, -1 if this process was not started by the launcher (a test, say). */
  fd: number
  /** Open files of ours that loaders before us in this process have opened for the program, by their numbers there; `inherited` has the numbers. */
  files: Files
}

/** Open files of ours by the numbers that a program shall have them under. */
export type Files = Readonly<Record<number, number>>

let record: LaunchRecord | undefined

/** What this process inherited before the runtime touched it. The launcher passes the number of its record as the first argument. */
export function inherited(): Inherited {
  return launchRecord().inherited
}

/** The same with the descriptor of the memory file, which what we start is told through. */
export function launchRecord(): LaunchRecord {
  return (record ??= readRecord())
}

/** From now on this is what we have inherited: what we were before we executed ourselves had. */
export function assumeInherited(inherited: Inherited): void {
  record = { inherited, fd: launchRecord().fd, files: {} }
}

/** Writes the record of the next command that this process becomes, and forgets its own. */
export function passOn(inherited: Inherited, files: Files): void {
  const { fd } = launchRecord()
  const descriptors = [...new Set([...inherited.descriptors, ...Object.keys(files).map(Number)])]
  empty(fd)
  write(fd, encodeInherited({ ...inherited, descriptors }), 0)
  process.argv[2] = `${fd}:-1:${Object.entries(files).flat().join(':')}`
  record = undefined
}

function readRecord(): LaunchRecord {
  const [fd, gone, ...files] = (process.argv[2] ?? '').split(':').filter((word) => word !== '').map(Number)
  if (Number.isInteger(fd) && isMemoryFile(fd!)) {
    if (gone !== undefined && gone !== -1) goBack(gone)
    return { inherited: decodeInherited(readAll(fd!)), fd: fd!, files: pairs(files) }
  }
  return { inherited: asFound(), fd: -1, files: {} }
}

function pairs(numbers: readonly number[]): Files {
  return Object.fromEntries(numbers.flatMap((to, index) => (index % 2 === 0 ? [[to, numbers[index + 1]!]] : [])))
}

/** Into the directory that was removed while we were in it. */
function goBack(directory: number): void {
  getLibc().fchdir(directory)
  close(directory)
}

function isMemoryFile(fd: number): boolean {
  try {
    return readLink(bytes(`/proc/self/fd/${fd}`)).startsWith('/memfd:launch ')
  } catch {
    return false
  }
}

function readAll(fd: number): Buffer {
  for (let size = 16384; ; size *= 4) {
    const buffer = Buffer.allocUnsafe(size)
    const length = read(fd, buffer, 0)
    if (length < size) return buffer.subarray(0, length)
  }
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
