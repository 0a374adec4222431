import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fixture } from './implementation.ts'

/** Compiles a fixture written in C (the build needs cc as well) into a folder, and returns the program's path. */
export function compile(folder: string, name: string): string {
  const program = join(folder, name)
  execFileSync(process.env['CC'] ?? 'cc', ['-O1', '-Wall', '-o', program, fixture(`${name}.c`)])
  return program
}
