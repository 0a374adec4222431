/** The two daemontools that the tests compare: Debian's C programs, and ours. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Implementation {
  name: 'theirs' | 'ours'
  /** The folder of its commands. */
  folder: string
}

/** test/, whether this runs from test/dist or not. */
const test = dirname(fileURLToPath(import.meta.url)).replace(/(\/dist)?\/support$/, '')

/** Where node_modules is. */
export const checkout = dirname(test)

export const theirs: Implementation = { name: 'theirs', folder: '/usr/bin' }
/** Another build than the checkout's is named by DAEMONTOOLS_COMMAND. */
export const ours: Implementation = { name: 'ours', folder: process.env['DAEMONTOOLS_COMMAND'] ?? join(checkout, 'dist', 'command') }
export const both = [theirs, ours] as const

/** The build that is tested: command/, lib/ and what else belongs to it. */
export const build = dirname(ours.folder)
/** Whether it is the standalone executable, instead of scripts for Node. */
export const isStandalone = !fs.existsSync(join(build, 'lib', 'svscan.cjs'))

/** Puts a copy of it in a place of its own; beside it `node_modules` has to be found. The other build may lie inside it. */
export function copyBuild(to: string): void {
  fs.cpSync(build, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.startsWith(join(build, 'exe')) })
}

export function fixture(name: string): string {
  return join(test, 'fixtures', name)
}

/** An option of t.test: why this machine cannot run it, `false` if it can. A new object for each test: tap keeps its own things in it. */
export function unlessAble(needs: { root?: boolean; theirs?: readonly string[]; ours?: readonly string[]; files?: readonly string[] }): { skip: string | false } {
  if (needs.root === true && process.getuid!() !== 0) return { skip: 'needs root' }
  for (const command of needs.theirs ?? []) {
    if (!fs.existsSync(join(theirs.folder, command))) return { skip: `needs daemontools' ${command} in ${theirs.folder}` }
  }
  for (const command of needs.ours ?? []) {
    if (!fs.existsSync(join(ours.folder, command))) return { skip: `${command} is not built in ${ours.folder}` }
  }
  for (const file of needs.files ?? []) if (!fs.existsSync(file)) return { skip: `needs ${file}` }
  return { skip: false }
}
