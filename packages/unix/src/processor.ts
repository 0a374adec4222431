import { spawnSync, type StdioOptions } from 'node:child_process'
import { launchRecord } from './inherited.ts'
import { closedStandard, launchArguments, type Launcher, type Program, utf8 } from './program.ts'

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
  for (const fd of descriptors) if (fd > 2 && fd !== launcher.record) stdio[fd] = fd
  for (const [fd, file] of Object.entries(options.files)) stdio[Number(fd)] = file
  const record = stdio.push(launcher.record) - 1
  const directory = stdio.push(options.directory) - 1
  const close = closedStandard(descriptors).filter((fd) => stdio[fd] === fd)
  for (let fd = 0; fd < stdio.length; fd++) {
    if (stdio[fd] !== undefined) continue
    stdio[fd] = 'ignore'
    if (fd < 10) close.push(fd) // launch closes one-digit numbers only
  }
  const [name, ...args] = launchArguments(record, directory, close.join(''), program)
  const { error, status, signal } = spawnSync(launcher.path, args.map(utf8), { argv0: name!, stdio, env: {} })
  if (error !== undefined) throw error
  return signal === null ? { code: status! } : { signal }
}
