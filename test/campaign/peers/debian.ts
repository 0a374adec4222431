import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Kind } from '../kind.ts'

/** The version of a Debian package. */
export function versionOf(packageName: string): string {
  return execFileSync('dpkg-query', ['--show', '--showformat=${Version}', packageName], { encoding: 'latin1' })
}

export function unlessInstalled(packageName: string, program: string): string | undefined {
  return existsSync(program) ? undefined : `needs the package ${packageName}: ${program}`
}

/** What only ours knows. */
export const oursOnly = {
  upgrade: 'it has no upgrade',
  'upgrade, kill service': 'it has no upgrade',
  'upgrade, kill logger': 'it has no upgrade',
  'upgrade, then kill supervisor': 'it has no upgrade',
  'kill supervisor with new keeper': 'it has no keeper',
  'kill keeper': 'it has no keeper',
  'kill keeper with supervisor': 'it has no keeper',
  'quit supervisor': 'it has no such signal',
  'stop all': 'it does not stop everything in order',
} as const satisfies Partial<Record<Kind, string>>
