/**
 * Programs on a pseudo-terminal. node-pty opens it; forking is left to posix_spawn(3), because node-pty's own fork passes arguments as
 * text (ours are bytes), and keeps neither the limits nor the ignored signals that `launch` restores.
 */
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type * as Koffi from 'koffi'
import { errnoOf, SystemError } from './errno.ts'
import { exitNow } from './exit.ts'
import { cString } from './files.ts'
import { launchRecord } from './inherited.ts'
import { getLibc } from './native.ts'
import { closedStandard, type Launcher, launchArguments, pathOf, type Program } from './program.ts'

const require = createRequire(import.meta.url)

/** In characters. */
export interface WindowSize {
  columns: number
  rows: number
}

/**
 * A pseudo-terminal in raw mode: bytes pass as they are, no echo, no signals from characters. We hold both ends, so that ours never says EIO:
 * that all has been read is seen by the program's end and an empty terminal, whoever else still has it open.
 */
export interface Terminal {
  /** Our end. Non-blocking, closed on exec. */
  ours: number
  /** The program's end. */
  theirs: number
  /** Its name, /dev/pts/N. */
  path: string
}

/** Throws the system's refusal. */
export function openTerminal({ columns, rows }: WindowSize): Terminal {
  const F_SETFD = 2
  const FD_CLOEXEC = 1
  const TCSANOW = 0
  const { master, slave, pty } = getNodePty().open(columns, rows)
  for (const fd of [master, slave]) getLibc().fcntl(fd, F_SETFD, FD_CLOEXEC)
  const { tcgetattr, cfmakeraw, tcsetattr } = getCalls()
  const modes = Buffer.alloc(opaque)
  if (tcgetattr(slave, modes) === -1) throw new Error('unable to read the modes of the terminal')
  cfmakeraw(modes)
  if (tcsetattr(slave, TCSANOW, modes) === -1) throw new Error('unable to set the modes of the terminal')
  return { ours: master, theirs: slave, path: pty }
}

export function resizeTerminal(terminal: Terminal, { columns, rows }: WindowSize): void {
  getNodePty().resize(terminal.ours, columns, rows)
}

/** The size of the window behind a descriptor, undefined if that is no terminal, or one that does not know. */
export function windowSize(fd: number): WindowSize | undefined {
  const TIOCGWINSZ = 0x5413
  const answer = Buffer.alloc(8)
  if (getCalls().ioctl(fd, TIOCGWINSZ, answer) === -1) return undefined
  const numbers = new Uint16Array(answer.buffer, answer.byteOffset, 2)
  const [rows, columns] = [numbers[0]!, numbers[1]!]
  return rows > 0 && columns > 0 ? { columns, rows } : undefined
}

/** Reads what the program has written, at most a buffer full. 0: nothing is there now. */
export function readTerminal(terminal: Terminal, buffer: Uint8Array): number {
  const EAGAIN = 11
  try {
    return fs.readSync(terminal.ours, buffer)
  } catch (error) {
    if (errnoOf(error) === EAGAIN) return 0
    throw error
  }
}

/**
 * Starts the program as the leader of a session of its own, whose terminal is this one: standard output and error are on it. When we die,
 * it hangs up. Everything else is inherited from us, standard input included.
 * @returns its pid. Throws if the system refuses to fork. A program that cannot be executed is a child that prints the message to our
 * standard error and exits 111.
 */
export function spawnOnTerminal(launcher: Launcher, program: Program, terminal: Terminal): number {
  const F_SETFD = 2
  const { O_RDWR } = fs.constants
  const POSIX_SPAWN_SETSIGDEF = 0x04
  const POSIX_SPAWN_SETSID = 0x80
  const calls = getCalls()
  const actions = Buffer.alloc(opaque)
  calls.posix_spawn_file_actions_init(actions)
  // A session leader without a terminal gets the first one that it opens.
  calls.posix_spawn_file_actions_addopen(actions, 1, cString(terminal.path), O_RDWR, 0)
  const attributes = Buffer.alloc(opaque)
  calls.posix_spawnattr_init(attributes)
  calls.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID)
  // All of them: glibc would otherwise leave its own two, 32 and 33, ignored.
  calls.posix_spawnattr_setsigdefault(attributes, Buffer.alloc(opaque, 0xff))

  getLibc().fcntl(launcher.record, F_SETFD, 0)
  const close = closedStandard(launchRecord().inherited.descriptors).filter((fd) => fd !== 1)
  const args = launchArguments(launcher.record, -1, `${close.join('')}e`, program)
  const pid: [number] = [0]
  const errno = calls.posix_spawn(pid, cString(pathOf(launcher)), actions, attributes, [...args.map(cString), null], [null])
  if (errno !== 0) throw new SystemError('posix_spawn', errno)
  return pid[0]
}

/** Resolves when the child has ended; until the caller goes on, its pid is nobody else's. */
export async function whenEnded(pid: number): Promise<{ code: number } | { signal: number }> {
  const P_PID = 1
  const WNOHANG = 1
  const WEXITED = 4
  const WNOWAIT = 0x1000000
  const { waitid, waitpid } = getCalls()
  const status: [number] = [0]
  do {
    await new Promise<void>((resolve) => waitid.async(P_PID, pid, null, WEXITED | WNOWAIT, () => resolve()))
  } while (waitpid(pid, status, WNOHANG) === 0)
  const signal = status[0] & 0x7f
  return signal === 0 ? { code: status[0] >> 8 } : { signal }
}

/** Ends this process by the signal, so that whoever waits for it is told the same. No core file: it would be the runtime's. */
export function endBySignal(signal: number): never {
  const PR_SET_DUMPABLE = 4
  getCalls().prctl(PR_SET_DUMPABLE, 0)
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] as NodeJS.Signals | undefined
  if (name !== undefined && name !== 'SIGKILL') {
    // What goes back to the default action with the last listener may have been ignored by the runtime.
    process.on(name, () => undefined)
    process.removeAllListeners(name)
  }
  process.kill(process.pid, signal)
  exitNow(128 + signal)
}

/** Enough for any C library's termios, posix_spawn_file_actions_t and posix_spawnattr_t: 60, 80 and 336 bytes in glibc. */
const opaque = 1024

/** What node-pty offers beneath its interface, which would read our ends itself, as text. */
interface NodePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
  resize(fd: number, columns: number, rows: number): void
}

let nodePty: NodePty | undefined

function getNodePty(): NodePty {
  return (nodePty ??= (require('node-pty') as { native: NodePty }).native)
}

interface Calls {
  cfmakeraw(modes: Buffer): void
  ioctl(fd: number, request: number, argument: Buffer): number
  posix_spawn(pid: [number], path: Buffer, actions: Buffer, attributes: Buffer, args: (Buffer | null)[], environment: (Buffer | null)[]): number
  posix_spawn_file_actions_addopen(actions: Buffer, fd: number, path: Buffer, flags: number, mode: number): number
  posix_spawn_file_actions_init(actions: Buffer): number
  posix_spawnattr_init(attributes: Buffer): number
  posix_spawnattr_setflags(attributes: Buffer, flags: number): number
  posix_spawnattr_setsigdefault(attributes: Buffer, signals: Buffer): number
  prctl(option: number, argument: number): number
  tcgetattr(fd: number, modes: Buffer): number
  tcsetattr(fd: number, when: number, modes: Buffer): number
  waitid: { async(kind: number, id: number, info: null, options: number, done: (error: Error | null, result: number) => void): void }
  waitpid(pid: number, status: [number], options: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bind())
}

function bind(): Calls {
  const library = (require('koffi') as typeof Koffi).load(null)
  const declarations: Record<keyof Calls, string> = {
    cfmakeraw: 'void cfmakeraw(void *modes)',
    ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
    posix_spawn: 'int posix_spawn(_Out_ int *pid, const void *path, void *actions, void *attributes, const void **argv, const void **envp)',
    posix_spawn_file_actions_addopen: 'int posix_spawn_file_actions_addopen(void *actions, int fd, const void *path, int flags, unsigned int mode)',
    posix_spawn_file_actions_init: 'int posix_spawn_file_actions_init(void *actions)',
    posix_spawnattr_init: 'int posix_spawnattr_init(void *attributes)',
    posix_spawnattr_setflags: 'int posix_spawnattr_setflags(void *attributes, short flags)',
    posix_spawnattr_setsigdefault: 'int posix_spawnattr_setsigdefault(void *attributes, const void *signals)',
    prctl: 'int prctl(int option, unsigned long argument)',
    tcgetattr: 'int tcgetattr(int fd, void *modes)',
    tcsetattr: 'int tcsetattr(int fd, int when, const void *modes)',
    waitid: 'int waitid(int kind, unsigned int id, void *info, int options)',
    waitpid: 'int waitpid(int pid, _Out_ int *status, int options)',
  }
  return Object.fromEntries(Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)])) as unknown as Calls
}
