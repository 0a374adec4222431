import { type End, waitForChild } from './children.ts'
import { type Launcher, type Program, spawnProgram } from './program.ts'

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
export function runProgram(launcher: Launcher, program: Program, options: RunOptions): End {
  return waitForChild(spawnProgram(launcher, program, options).pid)
}
