/** Looks at a service folder, and at who scans it. */
import * as fs from 'node:fs'
import { isVisible, readDirectory } from '@daemontools-ts/unix'
import type { FileFact, Unit } from './facts.ts'
import { lookAt } from './gather.ts'
import type { FolderFacts } from './rules/folder.ts'

/** Whether a directory is a folder of services rather than a service: it has no run, and something in it has. */
export function isFolder(path: string): boolean {
  const looksLikeService = ['run', 'log', 'down', 'supervise', 'finish'].some((name) => isVisible(`${path}/${name}`))
  if (looksLikeService) return false
  return readDirectory(path).some((name) => lookAt(`${path}/${name}`)?.type === 'dangling' || isVisible(`${path}/${name}/run`))
}

/** @param units Its services, gathered. */
export function gatherFolder(path: string, units: readonly Unit[]): FolderFacts {
  const entries = new Map<string, FileFact>()
  for (const name of readDirectory(path).sort()) {
    const entry = lookAt(`${path}/${name}`)
    if (entry !== undefined && (entry.type === 'directory' || entry.type === 'dangling')) entries.set(name, entry)
  }
  return { path, directory: lookAt(path)!, entries, units, scanners: scannersOf(path) }
}

/** The services of a folder: what svscan would start, and what it passes over for its dot. */
export function servicesIn(path: string): string[] {
  return readDirectory(path).sort().map((name) => `${path}/${name}`).filter((service) => lookAt(service)?.type === 'directory' && (isVisible(`${service}/run`) || !service.slice(path.length + 1).startsWith('.')))
}

function scannersOf(path: string): number[] {
  const { identity } = lookAt(path)!
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => isScanner(pid, identity))
}

function isScanner(pid: number, identity: string): boolean {
  try {
    const { dev, ino } = fs.statSync(`/proc/${pid}/cwd`, { bigint: true })
    if (`${dev}:${ino}` !== identity) return false
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
    return words.slice(0, 3).some((word) => /(^|\/)svscan(\.cjs)?$/.test(word))
  } catch {
    return false // gone
  }
}

