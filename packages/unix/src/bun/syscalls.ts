/** What syscalls.ts is in the standalone executable: the C library's functions, bound by hand, because a declaration takes a while to read. */
import { dlopen, ptr, read as readMemory } from 'bun:ffi'
import { SystemError } from '../errno.ts'
import type { FileStatus } from '../syscalls.ts'
import { errnoLocation, library } from './native.ts'

/** It is not the same on both architectures that Bun runs on. */
export const O_DIRECTORY = process.arch === 'arm64' ? 0o40000 : 0o200000
const O_CLOEXEC = 0o2000000
const EINTR = 4
/** PATH_MAX */
const longestPath = 4096

const calls = dlopen(library, {
  access: { args: ['ptr', 'i32'], returns: 'i32' },
  close: { args: ['i32'], returns: 'i32' },
  ftruncate: { args: ['i32', 'i64'], returns: 'i32' },
  open: { args: ['ptr', 'i32', 'u32'], returns: 'i32' },
  pread: { args: ['i32', 'ptr', 'u64', 'i64'], returns: 'i64_fast' },
  pwrite: { args: ['i32', 'ptr', 'u64', 'i64'], returns: 'i64_fast' },
  read: { args: ['i32', 'ptr', 'u64'], returns: 'i64_fast' },
  realpath: { args: ['ptr', 'ptr'], returns: 'ptr' },
  readlink: { args: ['ptr', 'ptr', 'u64'], returns: 'i64_fast' },
  /** For newfstatat(2) and getdents64(2), for which not every C library has a function. */
  syscall: { args: ['i64', 'i32', 'ptr', 'u64', 'i32'], returns: 'i64_fast' },
  write: { args: ['i32', 'ptr', 'u64'], returns: 'i64_fast' },
}).symbols

const errnoAt = errnoLocation()
/** Room for struct stat. */
const statBuffer = Buffer.alloc(256)

export function open(path: Uint8Array, flags: number, mode = 0): number {
  const name = terminated(path)
  return expect('open', () => calls.open(ptr(name), flags | O_CLOEXEC, mode))
}

export function close(fd: number): void {
  // Linux has closed it even where a signal came in between: never a second time.
  if (calls.close(fd) === -1 && readErrno() !== EINTR) throw new SystemError('close', readErrno())
}

export function read(fd: number, buffer: Uint8Array, position: number | null = null): number {
  return buffer.length === 0 ? 0 : expect('read', () => (position === null ? calls.read(fd, ptr(buffer), buffer.length) : calls.pread(fd, ptr(buffer), buffer.length, position)))
}

export function write(fd: number, bytes: Uint8Array, position: number | null = null): number {
  // There is no address of nothing.
  const at = bytes.length === 0 ? null : ptr(bytes)
  return expect('write', () => (position === null ? calls.write(fd, at, bytes.length) : calls.pwrite(fd, at, bytes.length, position)))
}

export function empty(fd: number): void {
  expect('ftruncate', () => calls.ftruncate(fd, 0))
}

export function readLink(path: Uint8Array): string {
  const name = terminated(path)
  const buffer = Buffer.allocUnsafe(longestPath)
  return buffer.toString('latin1', 0, expect('readlink', () => calls.readlink(ptr(name), ptr(buffer), longestPath)))
}

export function realPath(path: Uint8Array): string {
  const name = terminated(path)
  const buffer = Buffer.allocUnsafe(longestPath)
  if (calls.realpath(ptr(name), ptr(buffer)) === null) throw new SystemError('realpath', readErrno())
  return buffer.toString('latin1', 0, buffer.indexOf(0))
}

export function* entries(path: Uint8Array): Generator<string> {
  const SYS_getdents64 = process.arch === 'arm64' ? 61 : 217
  const O_NONBLOCK = 0o4000
  const fd = open(path, O_DIRECTORY | O_NONBLOCK)
  try {
    const buffer = Buffer.alloc(32768)
    for (let length; (length = expect('getdents64', () => calls.syscall(SYS_getdents64, fd, ptr(buffer), buffer.length, 0))) > 0; ) {
      // struct linux_dirent64: two long long, a short with the length of the entry, a byte, the name
      for (let at = 0; at < length; at += buffer.readUInt16LE(at + 16)) {
        const name = buffer.toString('latin1', at + 19, buffer.indexOf(0, at + 19))
        if (name !== '.' && name !== '..') yield name
      }
    }
  } finally {
    close(fd)
  }
}

export function stat(path: Uint8Array): FileStatus {
  const errno = fillStatBuffer(path)
  if (errno !== 0) throw new SystemError('stat', errno)
  const [S_IFMT, S_IFDIR] = [0o170000, 0o40000]
  const mode = statBuffer.readUInt32LE(process.arch === 'arm64' ? 16 : 24)
  return {
    device: statBuffer.readBigUInt64LE(0),
    inode: statBuffer.readBigUInt64LE(8),
    mode,
    size: Number(statBuffer.readBigInt64LE(48)),
    links: statBuffer.readUInt32LE(process.arch === 'arm64' ? 20 : 16),
    isDirectory: (mode & S_IFMT) === S_IFDIR,
    changed: statBuffer.readBigInt64LE(104) * 1_000_000_000n + statBuffer.readBigInt64LE(112),
  }
}

export function exists(path: Uint8Array): boolean {
  const ENOENT = 2
  // Not access(2): that may ask a server which does not answer, where this knows.
  const errno = fillStatBuffer(path)
  if (errno !== 0 && errno !== ENOENT) throw new SystemError('stat', errno)
  return errno === 0
}

/** Returns what was refused, by its number, or 0. */
function fillStatBuffer(path: Uint8Array): number {
  const AT_FDCWD = -100
  const SYS_newfstatat = process.arch === 'arm64' ? 79 : 262
  const name = terminated(path)
  for (;;) {
    if (Number(calls.syscall(SYS_newfstatat, AT_FDCWD, ptr(name), ptr(statBuffer), 0)) === 0) return 0
    const errno = readErrno()
    if (errno !== EINTR) return errno
  }
}

export function access(path: Uint8Array, mode: number): void {
  const name = terminated(path)
  expect('access', () => calls.access(ptr(name), mode))
}

function readErrno(): number {
  return readMemory.i32(errnoAt, 0)
}

function expect(name: string, call: () => number | bigint | null): number {
  for (;;) {
    const result = Number(call())
    if (result !== -1) return result
    const errno = readErrno()
    if (errno !== EINTR) throw new SystemError(name, errno)
  }
}

/** Node refuses a path with a NUL; so does this, instead of using what is before it. */
function terminated(path: Uint8Array): Uint8Array {
  const EINVAL = 22
  if (path.includes(0)) throw new SystemError('path', EINVAL)
  const copy = Buffer.allocUnsafe(path.length + 1)
  copy.set(path)
  copy[path.length] = 0
  return copy
}
