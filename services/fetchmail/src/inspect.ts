/** Looks at the system for the planner. Paths and contents are byte strings: one character, one byte. */
import * as fs from 'node:fs'
import { bytes, errnoOf, readDirectory } from '@daemontools-ts/unix'
import { ancestorsOf, type Layout } from './layout.ts'
import { findAccount, hasGroup } from './programs.ts'
import { type Account, type Entry, type System, type Template, templateNames, type Templates } from './system.ts'

export function inspectSystem(layout: Layout): System {
  const accounts = new Map<string, Account>()
  for (const name of ['fetchmail', 'multilog']) {
    const account = findAccount(name)
    if (account) accounts.set(name, account)
  }
  return { entries: inspectEntries(layout), groups: new Set(hasGroup('nofiles') ? ['nofiles'] : []), accounts }
}

export function inspectEntries({ directory, log, summary, link }: Layout): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const path of [directory, log, summary, link]) {
    for (const name of [...ancestorsOf(path), path]) inspectInto(entries, name)
  }
  // the rest of the service directory is nobody's business but its owner's
  for (const folder of [directory, directory + '/log', directory + '/env', directory + '/pid']) {
    for (const name of namesIn(folder)) inspectInto(entries, `${folder}/${name}`)
  }
  return entries
}

/** The delivered files, from the folder that holds them. */
export function readTemplates(folder: string): Templates {
  const read = (name: string): Template => ({ content: fs.readFileSync(bytes(`${folder}/${name}`), 'latin1'), source: `${folder}/${name}` })
  return Object.fromEntries(templateNames.map((name) => [name, read(name)])) as Record<(typeof templateNames)[number], Template>
}

function inspectInto(entries: Map<string, Entry>, path: string): void {
  const own = unlessAbsent(() => fs.lstatSync(bytes(path)))
  if (own === undefined) return
  const stat = own.isSymbolicLink() ? (unlessAbsent(() => fs.statSync(bytes(path))) ?? own) : own
  const content = stat.isFile() ? contentOf(path) : undefined
  entries.set(path, {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other',
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    ...(own.isSymbolicLink() ? { target: fs.readlinkSync(bytes(path), 'latin1' as BufferEncoding) } : {}),
    ...(content === undefined ? {} : { content }),
  })
}

/** Absent where there is none to read: not root, or somebody was quicker. */
function contentOf(path: string): string | undefined {
  try {
    return fs.readFileSync(bytes(path), 'latin1')
  } catch (error) {
    if (errnoOf(error) !== 0) return undefined
    throw error
  }
}

function namesIn(folder: string): string[] {
  return unlessAbsent(() => readDirectory(folder)) ?? []
}

/** Undefined if the path leads nowhere; a directory that we may not search is as good as empty. */
function unlessAbsent<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
