import { spawnSync } from 'node:child_process'
import { arrangeChild, type Launcher, type Program } from './program.ts'

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
  const { path, args, rest } = arrangeChild(launcher, program, options.directory, options.files)
  const { error, status, signal } = spawnSync(path, args, rest)
  if (error !== undefined) throw error
  return signal === null ? { code: status! } : { signal }
}
