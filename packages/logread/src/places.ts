import { bytes, isVisible, readDirectory } from '@daemontools-ts/unix'
import { findLogDirectories, isLogDirectory } from './logger.ts'
import { realpathSync } from 'node:fs'

/** One log directory, and whose it is. */
export interface Log {
  /** As it is shown: the service's name, or the directory as it was given. */
  name: string
  /** The log directory. */
  path: string
  /** The service directory, if it is a service's. */
  service: string | undefined
}

/** What was asked for, and is not there. */
export interface Missing {
  name: string
  why: string
}

export interface Found {
  logs: Log[]
  missing: Missing[]
}

/**
 * The logs of services.
 * @param root The service folder. @param names Names in it, or paths of service or log directories; none: every service that has a log.
 */
export function findLogs(root: string, names: readonly string[]): Found {
  const wanted = names.length > 0 ? names : servicesIn(root)
  const found: Found = { logs: [], missing: [] }
  const taken = new Set<string>()
  for (const name of wanted) {
    const path = name.includes('/') ? name.replace(/(?<=.)\/+$/, '') : `${root}/${name}`
    const logs = logsAt(path, name.includes('/') ? name.replace(/(?<=.)\/+$/, '') : name)
    if (logs.length === 0 && names.length > 0) found.missing.push({ name, why: whyNone(path) })
    for (const log of logs) {
      const key = real(log.path)
      if (!taken.has(key)) found.logs.push(log)
      taken.add(key)
    }
  }
  return found
}

/** Directories that somebody has named: whatever keeps a `current` there. */
export function logsOf(directories: readonly string[]): Found {
  const found: Found = { logs: [], missing: [] }
  for (const path of directories) {
    if (isLogDirectory(path)) found.logs.push({ name: path.replace(/(?<=.)\/+$/, ''), path, service: undefined })
    else found.missing.push({ name: path, why: isVisible(path) ? 'it holds no file current' : 'file does not exist' })
  }
  return found
}

function logsAt(path: string, name: string): Log[] {
  if (!isVisible(`${path}/run`) && !isVisible(`${path}/log`) && isLogDirectory(path)) return [{ name, path, service: undefined }]
  const directories = findLogDirectories(path)
  // A logger may keep several, each with a choice of the lines.
  return directories.map((directory, index) => ({ name: index === 0 ? name : `${name}:${directory.slice(directory.lastIndexOf('/') + 1)}`, path: directory, service: index === 0 ? path : undefined }))
}

function whyNone(path: string): string {
  if (!isVisible(path)) return 'file does not exist'
  if (!isVisible(`${path}/log`)) return 'it has no log'
  return 'its log directory is not to be seen, neither from its running logger nor from log/run'
}

function servicesIn(root: string): string[] {
  return readDirectory(root).filter((name) => !name.startsWith('.') && isVisible(`${root}/${name}/run`)).sort()
}

function real(path: string): string {
  try {
    return realpathSync(bytes(path), 'latin1' as BufferEncoding)
  } catch {
    return path
  }
}
