/** The service that a command is about. */
import * as fs from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readLink } from '@daemontools-ts/unix'
import { isInstance, type Layout, layoutBelow } from './layout.ts'
import { Failure, outcome } from './outcome.ts'

/** The options that every command has. Texts are byte strings. */
export interface Globals {
  root: string | undefined
  instance: string | undefined
  json: boolean
}

/** Throws Failure if the words make no path. */
export function layoutOf({ root, instance }: Pick<Globals, 'root' | 'instance'>): Layout {
  if (root === '') throw new Failure('--root needs a directory', { code: outcome.misuse })
  if (instance !== undefined && !isInstance(instance)) throw new Failure(`--instance is part of a file's name: letters, digits, . _ -; not ${instance}`, { code: outcome.misuse })
  return layoutBelow(root === undefined ? '' : absolute(root), instance)
}

/** Because the service's files name it, and run elsewhere. */
export function absolute(path: string): string {
  return posix.resolve(readLink('/proc/self/cwd'), path)
}

/** The folder of the service's files as they are delivered: beside the bundled command, or in the checkout. */
export function templateFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const folders = [join(here, '../share/fetchmail'), join(here, '../../service')]
  const folder = folders.find((name) => fs.existsSync(join(name, 'run')))
  if (folder === undefined) throw new Failure(`unable to find the service's files in ${folders[0]}`)
  return Buffer.from(folder).toString('latin1')
}

/** The first line of env/INTERVAL, in seconds; undefined if it is no number. */
export function intervalOf({ directory }: Layout): number | undefined {
  try {
    const text = fs.readFileSync(Buffer.from(directory + '/env/INTERVAL', 'latin1'), 'latin1').split('\n')[0]!.trim()
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}
