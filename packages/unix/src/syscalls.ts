/**
 * The file calls that short commands make, one kernel call each. On another runtime than Node, loading node:fs for them takes as long as all the
 * rest of such a command. They throw errors that errnoOf() reads, and go on when a signal comes in between.
 */
import * as fs from 'node:fs'

/** It is not the same on every architecture. */
export const { O_DIRECTORY } = fs.constants

export interface FileStatus {
  device: bigint
  inode: bigint
  /** Permission bits and type, as in st_mode. */
  mode: number
  /** Bytes. */
  size: number
  links: number
  isDirectory: boolean
  /** When it, or what is in it as a directory, was changed last: nanoseconds, st_ctim. */
  changed: bigint
}

/** Close-on-exec, like every descriptor of a runtime. */
export function open(path: Uint8Array, flags: number, mode = 0): number {
  return fs.openSync(path as Buffer, flags, mode)
}

export function close(fd: number): void {
  fs.closeSync(fd)
}

/** Returns how many bytes came. @param position In the file; null: where it is. */
export function read(fd: number, buffer: Uint8Array, position: number | null = null): number {
  return fs.readSync(fd, buffer, 0, buffer.length, position)
}

/** Returns how many bytes went. @param position In the file; null: where it is. */
export function write(fd: number, bytes: Uint8Array, position: number | null = null): number {
  return fs.writeSync(fd, bytes, 0, bytes.length, position)
}

/** Makes the file empty. */
export function empty(fd: number): void {
  fs.ftruncateSync(fd)
}

/** Where a symbolic link leads, as a byte string. */
export function readLink(path: Uint8Array): string {
  return fs.readlinkSync(path as Buffer, 'latin1' as BufferEncoding)
}

/** The same with all symbolic links followed; itself no link. */
export function realPath(path: Uint8Array): string {
  return fs.realpathSync.native(path as Buffer, 'latin1' as BufferEncoding)
}

/** Of what a symbolic link leads to, not of itself. */
export function stat(path: Uint8Array): FileStatus {
  const { dev, ino, mode, size, nlink, ctimeNs } = fs.statSync(path as Buffer, { bigint: true })
  const isDirectory = (Number(mode) & fs.constants.S_IFMT) === fs.constants.S_IFDIR
  return { device: dev, inode: ino, mode: Number(mode), size: Number(size), links: Number(nlink), isDirectory, changed: ctimeNs }
}

/** Whether there is such a file. Throws where that cannot be told. Many are asked about that are not there: that is no error. */
export function exists(path: Uint8Array): boolean {
  return fs.statSync(path as Buffer, { throwIfNoEntry: false }) !== undefined
}

/** Throws the refusal that opening it so would meet: a sum of R_OK (4), W_OK (2) and X_OK (1). */
export function access(path: Uint8Array, mode: number): void {
  fs.accessSync(path as Buffer, mode)
}

/** The names in a directory but . and .., as byte strings, in its own order, one by one. */
export function* entries(path: Uint8Array): Generator<string> {
  const directory = fs.opendirSync(path as unknown as string, { encoding: 'latin1' as BufferEncoding })
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry.name
  } finally {
    directory.closeSync()
  }
}
