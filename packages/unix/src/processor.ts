import { spawnSync, type StdioOptions } from 'node:child_process'
import { launchRecord } from './inherited.ts'
import { getLibc } from './native.ts'
import { closedStandard, launchArguments, type Launcher, type Program, utf8 } from './program.ts'

const F_SETFD = 2

export interface RunOptions {
  /** The descriptor of the directory to run in. */
  directory: number
  /** What becomes which descriptor of the program, by its number there; the rest is inherited. */
  files: Readonly<Record<number, number>>
}

/**
 * Runs the program as spawnProgram() would start it, and waits for its end; nothing else happens meanwhile. Throws when the
 * system refuses to fork. If the program cannot be executed, the child prints the message and exits 111.
 */
export function runProgram(launcher: Launcher, program: Program, options: RunOptions): { code: number } | { signal: string } {
  const { descriptors } = launchRecord().inherited
  const stdio: StdioOptions = [0, 1, 2]
  for (const [fd, file] of Object.entries(options.files)) stdio[Number(fd)] = file
  const slot = (file: number): number => {
    let fd = stdio.length
    while (descriptors.includes(fd)) fd++
    stdio[fd] = file
    return fd
  }
  const record = slot(launcher.record)
  const directory = slot(options.directory)
  const close = closedStandard(descriptors).filter((fd) => stdio[fd] === fd)
  for (let fd = 3; fd < stdio.length; fd++) {
    if (stdio[fd] !== undefined) continue
    stdio[fd] = descriptors.includes(fd) ? fd : 'ignore'
    if (stdio[fd] === 'ignore') close.push(fd)
  }
  // The higher ones stay where they are: a list up to them would have to be filled, and may be beyond the limit.
  for (const fd of descriptors) if (fd >= stdio.length && fd !== launcher.record) getLibc().fcntl(fd, F_SETFD, 0)
  const [name, ...args] = launchArguments(record, directory, close.join(''), program)
  const { error, status, signal } = spawnSync(launcher.path, args.map(utf8), { argv0: name!, stdio, env: {} })
  if (error !== undefined) throw error
  return signal === null ? { code: status! } : { signal }
}
