/** A chain of our own loaders is one start: each takes its step, and the last one executes. */
import { bytes } from './files.ts'
import { type Files, passOn } from './inherited.ts'
import { loadCommand } from './load.ts'
import type { Inherited } from './record.ts'
import { access, exists, realPath } from './syscalls.ts'

/** What they do before they execute is done by one process as well as by many. */
const loaders = ['envdir', 'envuidgid', 'fghack', 'pgrphack', 'setlock', 'setuidgid', 'softlimit']
/** The code of these has run: one that comes again in the chain is executed. */
const taken = new Set<string>()

/**
 * The loader of this build that launch would execute, if it is one.
 * @param paths Tried in order: see searchPath().
 */
export function findLoader(paths: readonly string[]): string | undefined {
  const path = paths.find((path) => !isMissing(path))
  if (path === undefined) return undefined
  try {
    const real = realPath(bytes(path))
    const name = nameIn(real)
    taken.add(nameIn(process.argv[1]!).replace('.cjs', ''))
    if (!loaders.includes(name) || taken.has(name)) return undefined
    const ours = realPath(Buffer.from(`${folderOf(process.argv[1]!)}../command/${name}`))
    const X_OK = 1
    access(bytes(ours), X_OK)
    return real === ours ? name : undefined
  } catch {
    return undefined // launch will say why
  }
}

/** Goes on as that command, as if it had been executed, with these files. Does not return. */
export function becomeLoader(name: string, inherited: Inherited, files: Files): never {
  passOn(inherited, files)
  process.argv[1] = `${folderOf(process.argv[1]!)}${name}.cjs`
  loadCommand(process.argv[1])
  throw new Error(`${name} has returned`)
}

function isMissing(path: string): boolean {
  try {
    return !exists(bytes(path))
  } catch {
    return false
  }
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** With the slash behind it. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
