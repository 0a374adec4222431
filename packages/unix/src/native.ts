/** The C library's functions that neither Node nor the posix package has. Loaded on first use: svc and svstat never do. */
import { createRequire } from 'node:module'
import type * as Koffi from 'koffi'

const require = createRequire(import.meta.url)

export interface Libc {
  _exit(code: number): void
  execve(path: Buffer, args: (Buffer | null)[], environment: (Buffer | null)[]): number
  fcntl(fd: number, command: number, argument: number): number
  fchdir(fd: number): number
  flock(fd: number, operation: number): number
  localtime_r(seconds: [number | bigint], fields: BrokenDownTime | Record<string, never>): unknown
  memfd_create(name: Buffer, flags: number): number
  mkfifo(path: Buffer, mode: number): number
  pipe2(ends: [number, number] | number[], flags: number): number
  poll: PollFunction
  setenv(name: Buffer, value: Buffer, overwrite: number): number
  tzset(): void
  unsetenv(name: Buffer): number
  waitpid(pid: number, status: [number], options: number): number
}

/** struct tm, of which we read these. */
export interface BrokenDownTime {
  tm_sec: number
  tm_min: number
  tm_hour: number
  tm_mday: number
  /** 0 is January. */
  tm_mon: number
  /** Since 1900. */
  tm_year: number
}

/** poll(2), and the same on a thread of its own. The third value of an entry is what the kernel answered. */
export interface PollFunction {
  (entries: PollEntry[], count: number, milliseconds: number): number
  async(entries: PollEntry[], count: number, milliseconds: number, done: (error: Error | null, result: number) => void): void
}

export interface PollEntry {
  fd: number
  events: number
  revents: number
}

/** What we use of the npm package posix, which ships no types. Each throws an error with `errno`, or one without where the C function gave none. */
export interface Posix {
  getpwnam(name: string): { uid: number; gid: number; dir: string; shell: string }
  /** `null` is no limit. */
  getrlimit(name: 'nofile'): { soft: number | null; hard: number | null }
  setrlimit(name: 'fsize' | 'nofile', limits: { soft: number; hard?: number }): void
  setregid(real: number, effective: number): void
  setreuid(real: number, effective: number): void
  setsid(): number
}

/** What node-pty offers beneath its interface, which would read our ends itself, as text. Our end is non-blocking. */
export interface NodePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
  resize(fd: number, columns: number, rows: number): void
}

let koffi: typeof Koffi | undefined
let libc: Libc | undefined
let posix: Posix | undefined
let nodePty: NodePty | undefined

export function getLibc(): Libc {
  return (libc ??= bind())
}

/** errno of the last call through getLibc(). */
export function errno(): number {
  return koffi!.errno()
}

export function getPosix(): Posix {
  return (posix ??= require('posix') as Posix)
}

export function getNodePty(): NodePty {
  return (nodePty ??= (require('node-pty') as { native: NodePty }).native)
}

/** The C library's functions by these declarations. */
export function bindFunctions<Functions>(declarations: Record<keyof Functions, string>): Functions {
  koffi ??= require('koffi') as typeof Koffi
  const library = koffi.load(null)
  const bound = Object.entries<string>(declarations).map(([name, declaration]) => [name, library.func(declaration)])
  return Object.fromEntries(bound) as unknown as Functions
}

function bind(): Libc {
  koffi ??= require('koffi') as typeof Koffi
  koffi.struct('pollfd', { fd: 'int', events: 'short', revents: 'short' })
  const numbers = ['tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year', 'tm_wday', 'tm_yday', 'tm_isdst']
  koffi.struct('tm', { ...Object.fromEntries(numbers.map((name) => [name, 'int'])), tm_gmtoff: 'long', tm_zone: 'void *' })
  return bindFunctions<Libc>({
    _exit: 'void _exit(int code)',
    execve: 'int execve(const void *path, const void **argv, const void **envp)',
    fcntl: 'int fcntl(int fd, int command, int argument)',
    fchdir: 'int fchdir(int fd)',
    flock: 'int flock(int fd, int operation)',
    localtime_r: 'void *localtime_r(const int64_t *seconds, _Out_ tm *fields)',
    memfd_create: 'int memfd_create(const void *name, unsigned int flags)',
    mkfifo: 'int mkfifo(const void *path, unsigned int mode)',
    pipe2: 'int pipe2(_Out_ int *ends, int flags)',
    poll: 'int poll(_Inout_ pollfd *entries, unsigned long count, int milliseconds)',
    setenv: 'int setenv(const void *name, const void *value, int overwrite)',
    tzset: 'void tzset(void)',
    unsetenv: 'int unsetenv(const void *name)',
    waitpid: 'int waitpid(int pid, _Out_ int *status, int options)',
  })
}
