/** File calls of one kernel call each, on byte-string paths (one character, one byte). They throw errors that errnoOf() reads. */
import * as fs from 'node:fs'
import { SystemError } from './errno.ts'
import { errno, getLibc } from './native.ts'
import { access, close, entries, exists, type FileStatus, O_DIRECTORY, open, read, readLink as readLinkOf, stat } from './syscalls.ts'

export type { FileStatus } from './syscalls.ts'

/** Linux's, and the same on every architecture that Node runs on. */
const [O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK, O_PATH] = [0, 1, 2, 0o100, 0o1000, 0o2000, 0o4000, 0o10000000]
const ENOENT = 2

/** djb's open_*.c, by their names there: the flags, and the mode of a file that is made. */
const modes = {
  read: [O_RDONLY | O_NONBLOCK, 0],
  write: [O_WRONLY | O_NONBLOCK, 0],
  append: [O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT, 0o600],
  truncate: [O_WRONLY | O_NONBLOCK | O_TRUNC | O_CREAT, 0o644],
  /** To be written over: what is behind stays. */
  overwrite: [O_WRONLY | O_NONBLOCK | O_CREAT, 0o644],
  /** A descriptor that names a directory, as chdir(2) would enter it, and survives its renaming. Follow it with inDirectory(). */
  directory: [O_PATH | O_DIRECTORY, 0],
  /** Both ends of a FIFO in one descriptor: never EOF, never EPIPE. Linux allows it. */
  both: [O_RDWR | O_NONBLOCK, 0],
  /** One end of a FIFO for a program that expects blocking reads or writes. */
  blockingRead: [O_RDONLY, 0],
  blockingWrite: [O_WRONLY, 0],
} as const

export function openFile(path: string, how: keyof typeof modes): number {
  const [flags, mode] = modes[how]
  return open(pathOf(path), flags, mode)
}

/** The path of a name inside an open directory, like the *at() calls: it holds while the directory is renamed. */
export function inDirectory(directory: number, name: string): string {
  return `/proc/self/fd/${directory}/${name}`
}

/** Enters a directory, with chdir's errors; the descriptor can be given to inDirectory() and spawnProgram(). */
export function openDirectory(path: string): number {
  return openFile(path === '' ? path : path + '/.', 'directory')
}

export function statFile(path: string): FileStatus {
  return stat(pathOf(path))
}

/** Whether there is such a file. Throws where that cannot be told. */
export function fileExists(path: string): boolean {
  return exists(pathOf(path))
}

/** Whether such a file is to be seen; false also where that cannot be told. */
export function isVisible(path: string): boolean {
  try {
    return fileExists(path)
  } catch {
    return false
  }
}

/** Throws the refusal that executing it would meet for its permissions, or because it is not there. */
export function expectExecutable(path: string): void {
  const X_OK = 1
  access(pathOf(path), X_OK)
}

export function isSymbolicLink(path: string): boolean {
  return fs.lstatSync(pathOf(path), { throwIfNoEntry: false })?.isSymbolicLink() === true
}

export function readDirectory(path: string): string[] {
  return fs.readdirSync(pathOf(path), 'latin1' as BufferEncoding)
}

export function makeDirectory(path: string, mode: number): void {
  fs.mkdirSync(pathOf(path), mode)
}

export function makeFifo(path: string, mode: number): void {
  if (getLibc().mkfifo(cString(path), mode) === -1) throw new SystemError('mkfifo', errno())
}

/** The names in a directory as readdir(3) gives them: in the directory's own order, one by one. */
export function* readEntries(path: string): Generator<string> {
  yield* entries(pathOf(path))
}

/** All that can be read without waiting: a FIFO that nobody writes is empty. */
export function readWhole(path: string): string {
  const fd = openFile(path, 'read')
  try {
    const pieces: Buffer[] = []
    for (let length = -1; length !== 0; ) {
      const piece = Buffer.allocUnsafe(8192)
      length = read(fd, piece)
      pieces.push(piece.subarray(0, length))
    }
    return Buffer.concat(pieces).toString('latin1')
  } finally {
    close(fd)
  }
}

/** What one read gives, at most so many bytes: whatever the file is, that is done at once. */
export function readStart(path: string, most: number): string {
  const fd = openFile(path, 'read')
  try {
    const buffer = Buffer.alloc(most)
    return buffer.toString('latin1', 0, read(fd, buffer))
  } finally {
    close(fd)
  }
}

export function readLink(path: string): string {
  return readLinkOf(pathOf(path))
}

export function rename(from: string, to: string): void {
  fs.renameSync(pathOf(from), pathOf(to))
}

export function link(from: string, to: string): void {
  fs.linkSync(pathOf(from), pathOf(to))
}

export function unlink(path: string): void {
  fs.unlinkSync(pathOf(path))
}

/**
 * Takes the exclusive flock(2) on an open file. If somebody holds it, throws EAGAIN at once, or waits for him: then
 * nothing else happens in this process.
 */
export function lockFile(fd: number, wait = false): void {
  const LOCK_EX = 2
  const LOCK_NB = 4
  if (getLibc().flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) === -1) throw new SystemError('flock', errno())
}

/** The kernel's answer to a path without a byte is the same for every call, but not every runtime asks it. */
function pathOf(text: string): Buffer {
  if (text === '') throw new SystemError('path', ENOENT)
  return bytes(text)
}

/** A byte string as the bytes it means. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** The same, terminated. */
export function cString(text: string): Buffer {
  return bytes(text + '\0')
}
