/** Starting programs so that they inherit what our caller meant for them. The last steps are taken by `launch`, in C. */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { cString } from './files.ts'
import { launchRecord } from './inherited.ts'
import { errno, getLibc } from './native.ts'
import { encodeLaunch, getenv, type Inherited } from './record.ts'

const F_SETFD = 2

/** What the program shall inherit; by default what we did. */
export type Shall = Partial<Pick<Inherited, 'limits' | 'ignoredSignals' | 'blockedSignals' | 'environment'>>

export interface Program {
  /** Tried in order, by djb's rules (§ pathexec_env.c): see searchPath(). */
  paths: readonly string[]
  /** argv, the name as it was typed first. */
  args: readonly string[]
  /** Printed with the reason behind it if no path can be executed; the exit code is then 111. */
  message: string
  /** A script without `#!` is run by /bin/sh, as execvp(3) does; otherwise it is refused, as djb's programs do. */
  shell?: boolean
}

/** Where `launch` and its record are, once what the programs shall inherit has been written. */
export interface Launcher {
  /** The open file of `launch`. */
  program: number
  record: number
}

/**
 * Writes down what the programs started from now on shall inherit, and gets hold of all that starting them takes: whoever gives up rights
 * does so after this. Once for a supervisor, just before the end for a chain loader.
 * @param errnoTexts The words for the reason.
 */
export function prepareLauncher(errnoTexts: ReadonlyMap<number, string>, shall: Shall = {}): Launcher {
  const { inherited, fd } = launchRecord()
  if (fd === -1) throw new Error('not started by the launcher')
  const record = encodeLaunch({ ...inherited, ...shall }, errnoTexts)
  fs.ftruncateSync(fd)
  fs.writeSync(fd, record, 0, record.length, 0)
  // The runtime has marked them close-on-exec.
  for (const fd of inherited.descriptors) getLibc().fcntl(fd, F_SETFD, 0)
  // Held, not named: the account that we become may not be allowed to reach the folder it is in.
  const program = fs.openSync(join(dirname(process.argv[1]!), 'launch'), 'r')
  return { program, record: fd }
}

/**
 * Replaces this process by the program: same pid, same descriptors. Returns only if not even `launch` can be executed, with the errno.
 * @param files An open file of ours for each descriptor that the program shall have beyond those that we inherited, by its number there.
 */
export function execProgram(launcher: Launcher, program: Program, files: Readonly<Record<number, number>> = {}): number {
  const { fcntl, execve } = getLibc()
  for (const fd of [launcher.record, ...Object.values(files)]) fcntl(fd, F_SETFD, 0)
  const close = closedStandard(launchRecord().inherited.descriptors).filter((fd) => !(fd in files))
  const moves = Object.entries(files).map(([to, from]) => `${from}:${to}`)
  const args = launchArguments(launcher.record, -1, close.join(''), program, moves)
  execve(cString(pathOf(launcher)), [...args.map(cString), null], [null])
  return errno()
}

export interface SpawnOptions {
  /** The descriptor of the directory to start in, from openDirectory(); -1: where we are. */
  directory: number
  /** What becomes 0 and 1; default: ours. */
  stdin?: number
  stdout?: number
  /** What becomes which other descriptor of the program, by its number there. */
  files?: Readonly<Record<number, number>>
  /** The child is dead and reaped: its exit code, or the number of the signal that killed it. */
  onExit(end: { code: number } | { signal: string }): void
  /** The system refused to fork, for this reason. */
  onFail(error: Error): void
}

/**
 * Starts the program as a child of this process, with our other inherited descriptors, and returns its pid, or undefined
 * where the system refuses; onFail then says why. If the program itself cannot be executed, that is a child that prints
 * the message and exits 111, as in C.
 */
export function spawnProgram(launcher: Launcher, program: Program, options: SpawnOptions): number | undefined {
  const files = { 0: options.stdin ?? 0, 1: options.stdout ?? 1, ...options.files }
  const { path, args, rest } = arrangeChild(launcher, program, options.directory, files)
  const child = spawn(path, args, rest)
  child.once('exit', (code, signal) => options.onExit(signal === null ? { code: code! } : { signal }))
  child.once('error', options.onFail)
  return child.pid
}

/** What child_process has to be told, so that `launch` starts the program with these files as those descriptors, and the rest as we inherited it. */
export function arrangeChild(launcher: Launcher, program: Program, directory: number, files: Readonly<Record<number, number>>) {
  const { descriptors } = launchRecord().inherited
  const stdio: (number | 'ignore')[] = [0, 1, 2]
  for (const [fd, file] of Object.entries(files)) stdio[Number(fd)] = file
  // Low numbers, which may not be beyond the limit.
  const taken = new Set([...descriptors, ...Object.keys(stdio).map(Number)])
  const place = (file: number): number => {
    let fd = 3
    while (taken.has(fd)) fd++
    taken.add(fd)
    stdio[fd] = file
    return fd
  }
  const record = place(launcher.record)
  const slot = directory === -1 ? -1 : place(directory)
  // Where it is in this process, one of the files may come to be in the child.
  const executed = place(launcher.program)
  const close = closedStandard(descriptors).filter((fd) => stdio[fd] === fd)
  // As 0, 1 and 2 child_process would make them blocking, for everybody who shares the open file: `launch` moves them there.
  const moves = [0, 1, 2].filter((fd) => !close.includes(fd)).map((fd) => `${place(stdio[fd] as number)}:${fd}`)
  stdio.fill('ignore', 0, 3)
  for (let fd = 3; fd < stdio.length; fd++) stdio[fd] ??= 'ignore' // it is left as it is
  // child_process takes text and writes it as UTF-8: `launch` makes bytes of it again.
  const [argv0, ...args] = launchArguments(record, slot, `${close.join('')}u`, program, [...moves, `-1:${executed}`])
  return { path: pathOf({ ...launcher, program: executed }), args, rest: { argv0: argv0!, stdio, env: {} } }
}

/**
 * Where to look for a program, by djb's rules: a name with a slash is a path; else each element of PATH, an empty one meaning
 * the current directory. Unset, PATH is /bin:/usr/bin.
 */
export function searchPath(name: string, path: string | undefined): string[] {
  if (name.includes('/')) return [name]
  return (path ?? '/bin:/usr/bin').split(':').map((directory) => `${directory === '' ? '.' : directory}/${name}`)
}

/**
 * The program that a chain loader's command line names, looked up in the PATH that we inherited.
 * @param command The chain loader's own name. @param child The rest of its arguments: at least one.
 */
export function childProgram(command: string, child: readonly string[]): Program {
  const name = child[0]!
  return { paths: searchPath(name, getenv(launchRecord().inherited.environment, 'PATH')), args: child, message: `${command}: fatal: unable to run ${name}: ` }
}

export function pathOf(launcher: Launcher): string {
  return `/proc/self/fd/${launcher.program}`
}

/** The standard descriptors that were closed when we started, where the runtime has opened /dev/null. */
export function closedStandard(descriptors: readonly number[]): number[] {
  return [0, 1, 2].filter((fd) => !descriptors.includes(fd))
}

/**
 * @param flags Standard descriptors to close, and letters: see launch.c.
 * @param moves `FROM:TO`: what of ours becomes which descriptor of the program. No FROM may be another's TO. -1 as FROM: it is closed.
 */
export function launchArguments(record: number, directory: number, flags: string, program: Program, moves: readonly string[] = []): string[] {
  const shell = program.shell === true ? 's' : ''
  return [
    ...['launch', `${record}`, `-${flags}${shell}`, moves.join(' '), `${directory}`],
    ...[program.message, `${program.paths.length}`, ...program.paths, ...program.args],
  ]
}
