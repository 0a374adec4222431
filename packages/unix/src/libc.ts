/** The functions of the C library that most of this package shares; native.ts binds them, on each runtime in its own way. */

export interface Libc {
  _exit(code: number): void
  execve(path: Buffer, args: (Buffer | null)[], environment: (Buffer | null)[]): number
  fchdir(fd: number): number
  fcntl(fd: number, command: number, argument: number): number
  flock(fd: number, operation: number): number
  localtime_r(seconds: [number | bigint], fields: BrokenDownTime | Record<string, never>): unknown
  memfd_create(name: Buffer, flags: number): number
  mkfifo(path: Buffer, mode: number): number
  pipe2(ends: [number, number] | number[], flags: number): number
  poll: PollFunction
  setenv(name: Buffer, value: Buffer, overwrite: number): number
  setgroups(count: number, groups: Buffer): number
  sigprocmask(how: number, set: Buffer, old: null): number
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

/** In C. `_Out_` and `_Inout_`: what the function writes there is for the caller. */
export const libcDeclarations: Record<keyof Libc, string> = {
  _exit: 'void _exit(int code)',
  execve: 'int execve(const void *path, const void **argv, const void **envp)',
  fchdir: 'int fchdir(int fd)',
  fcntl: 'int fcntl(int fd, int command, int argument)',
  flock: 'int flock(int fd, int operation)',
  localtime_r: 'void *localtime_r(const int64_t *seconds, _Out_ tm *fields)',
  memfd_create: 'int memfd_create(const void *name, unsigned int flags)',
  mkfifo: 'int mkfifo(const void *path, unsigned int mode)',
  pipe2: 'int pipe2(_Out_ int *ends, int flags)',
  poll: 'int poll(_Inout_ pollfd *entries, unsigned long count, int milliseconds)',
  setenv: 'int setenv(const void *name, const void *value, int overwrite)',
  setgroups: 'int setgroups(unsigned long count, const void *groups)',
  sigprocmask: 'int sigprocmask(int how, const void *set, void *old)',
  tzset: 'void tzset(void)',
  unsetenv: 'int unsetenv(const void *name)',
  waitpid: 'int waitpid(int pid, _Out_ int *status, int options)',
}
