/**
 * Programs on a pseudo-terminal. node-pty opens it; forking is left to spawn.ts, because node-pty's own fork passes arguments as
 * text (ours are bytes), and keeps neither the limits nor the ignored signals that `launch` restores.
 */
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { type End, whenChildEnds } from './children.ts'
import { errnoOf } from './errno.ts'
import { exitNow } from './exit.ts'
import { launchRecord } from './inherited.ts'
import { bindFunctions, getLibc, getNodePty } from './native.ts'
import { closedStandard, type Launcher, launchArguments, type Program } from './program.ts'
import { spawnLaunch } from './spawn.ts'

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
  const close = closedStandard(launchRecord().inherited.descriptors).filter((fd) => fd !== 1)
  const args = launchArguments(launcher.record, -1, `${close.join('')}e`, program)
  return spawnLaunch(launcher, { args, keep: [launcher.record], session: { terminal: terminal.path } })
}

/** Resolves when the child has ended; until the caller goes on, its pid is nobody else's. */
export function whenEnded(pid: number): Promise<End> {
  return new Promise((resolve) => whenChildEnds(pid, resolve))
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

/** Enough for any C library's termios: 60 bytes in glibc. */
const opaque = 1024

interface Calls {
  cfmakeraw(modes: Buffer): void
  ioctl(fd: number, request: number, argument: Buffer): number
  prctl(option: number, argument: number): number
  tcgetattr(fd: number, modes: Buffer): number
  tcsetattr(fd: number, when: number, modes: Buffer): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    cfmakeraw: 'void cfmakeraw(void *modes)',
    ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
    prctl: 'int prctl(int option, unsigned long argument)',
    tcgetattr: 'int tcgetattr(int fd, void *modes)',
    tcsetattr: 'int tcsetattr(int fd, int when, const void *modes)',
  }))
}
