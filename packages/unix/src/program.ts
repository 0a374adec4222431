/** Starting programs so that they inherit what our caller meant for them. The last steps are taken by `launch`, in C. */
import { hasChangedUser } from './account.ts'
import { becomeLoader, findLoader } from './chain.ts'
import { errnoOf } from './errno.ts'
import { bytes, cString } from './files.ts'
import { type Files, launchRecord } from './inherited.ts'
import { errno, getLibc } from './native.ts'
import { makePipe } from './pipe.ts'
import { encodeLaunch, getenv, type Inherited } from './record.ts'
import { pathOf, spawnLaunch } from './spawn.ts'
import { close, empty, open, write } from './syscalls.ts'

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
  /** What was asked for, beyond what we inherited. */
  shall?: Shall
}

/**
 * Writes down what the programs started from now on shall inherit, and gets hold of all that starting them takes: whoever gives up rights
 * does so after this. Once for a supervisor, just before the end for a chain loader.
 * @param errnoTexts The words for the reason: see encodeLaunch().
 */
export function prepareLauncher(errnoTexts: string, shall: Shall = {}): Launcher {
  const { inherited, fd } = launchRecord()
  if (fd === -1) throw new Error('not started by the launcher')
  const record = encodeLaunch({ ...inherited, ...shall }, errnoTexts)
  empty(fd)
  write(fd, record, 0)
  // The runtime has marked them close-on-exec.
  for (const fd of inherited.descriptors) getLibc().fcntl(fd, F_SETFD, 0)
  // Held, not named: the account that we become may not be allowed to reach the folder it is in.
  const program = open(Buffer.from(process.argv[1]!.replace(/[^/]*$/, 'launch')), 0)
  return { program, record: fd, shall }
}

/**
 * Replaces this process by the program: same pid, same descriptors. Another chain loader of ours needs no new process image for that.
 * Returns only if not even `launch` can be executed, with the errno.
 * @param files An open file of ours for each descriptor that the program shall have beyond those that we inherited, by its number there.
 */
export function execProgram(launcher: Launcher, program: Program, files: Files = {}): number {
  const all = { ...launchRecord().files, ...files }
  // What was root's in memory is for nobody else: after a change of user the next loader is a new process image.
  const loader = hasChangedUser() ? undefined : findLoader(program.paths)
  if (loader !== undefined) becomeLoader(loader, { ...launchRecord().inherited, ...launcher.shall, args: program.args }, all)
  const { fcntl, execve } = getLibc()
  for (const fd of [launcher.record, ...Object.values(all)]) fcntl(fd, F_SETFD, 0)
  const closed = closedStandard(launchRecord().inherited.descriptors).filter((fd) => !(fd in all))
  const moves = Object.entries(all).map(([to, from]) => `${from}:${to}`)
  const args = launchArguments(launcher.record, -1, closed.join(''), program, moves)
  execve(cString(pathOf(launcher)), [...args.map(cString), null], [null])
  return errno()
}

export interface SpawnOptions {
  /** The descriptor of the directory to start in, from openDirectory(); -1: where we are. */
  directory: number
  /** What becomes which descriptor of the program, by its number there; the rest is what we inherited. */
  files?: Files
  /** It leads a session and a process group of its own. */
  session?: boolean
  /** It waits until it is told to go, and leaves if we die before. */
  gate?: boolean
}

export interface Child {
  pid: number
  /** Lets it go on, if there is a gate; once. */
  go(): void
}

/**
 * Starts the program as a child of this process, with our other inherited descriptors. Throws the system's refusal. If the program itself
 * cannot be executed, that is a child that prints the message and exits 111, as in C.
 */
export function spawnProgram(launcher: Launcher, program: Program, { directory, files = {}, session, gate }: SpawnOptions): Child {
  const { descriptors } = launchRecord().inherited
  const all = { ...launchRecord().files, ...files }
  const pipe = gate === true ? makePipe() : undefined
  const entries = Object.entries(all).map(([to, from]) => ({ from, to: Number(to) }))
  // What goes elsewhere first goes where nothing is in the way: `launch` moves it on when it has read what it needs.
  const taken = new Set([...descriptors, ...entries.flatMap(({ from, to }) => [from, to]), directory, pipe?.read, launcher.record, launcher.program, 0, 1, 2])
  const moves: [from: number, slot: number][] = []
  const slotFor = (from: number): number => {
    let slot = 3
    while (taken.has(slot)) slot++
    taken.add(slot)
    moves.push([from, slot])
    return slot
  }
  const closed = closedStandard(descriptors).filter((fd) => !(fd in all))
  try {
    const files = entries.map(({ from, to }) => `${slotFor(from)}:${to}`)
    const [at, gate] = [directory, pipe?.read ?? -1].map((fd) => (fd === -1 ? -1 : slotFor(fd)))
    const args = launchArguments(launcher.record, at!, closed.join(''), program, files, gate)
    const pid = spawnLaunch(launcher, { args, keep: [launcher.record], moves, ...(session === true && { session: {} }) })
    let shut = pipe?.write
    const go = (): void => {
      if (shut !== undefined) openGate(shut)
      shut = undefined
    }
    return { pid, go }
  } catch (error) {
    if (pipe !== undefined) close(pipe.write)
    throw error
  } finally {
    if (pipe !== undefined) close(pipe.read)
  }
}

function openGate(fd: number): void {
  try {
    write(fd, bytes('\n'))
  } catch (error) {
    if (errnoOf(error) === 0) throw error // else it is dead already
  } finally {
    close(fd)
  }
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

/** The standard descriptors that were closed when we started, where the runtime has opened /dev/null. */
export function closedStandard(descriptors: readonly number[]): number[] {
  return [0, 1, 2].filter((fd) => !descriptors.includes(fd))
}

/**
 * @param flags Standard descriptors to close, and letters: see launch.c.
 * @param moves `FROM:TO`: what of ours becomes which descriptor of the program. No FROM may be another's TO.
 * @param gate The reading end of a pipe to wait at.
 */
export function launchArguments(record: number, directory: number, flags: string, program: Program, moves: readonly string[] = [], gate = -1): string[] {
  const shell = program.shell === true ? 's' : ''
  return [
    ...['launch', `${record}`, `-${flags}${shell}`, moves.join(' '), `${directory}`, `${gate}`],
    ...[program.message, `${program.paths.length}`, ...program.paths, ...program.args],
  ]
}
