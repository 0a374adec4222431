import { createRequire } from 'node:module'

/** Runs a command's file, one of dist/lib. */
export function loadCommand(path: string): void {
  createRequire(path)(path)
}
