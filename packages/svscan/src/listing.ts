import { fileExists, isSymbolicLink, readDirectory, statFile } from '@daemontools-ts/unix'
import type { Listed } from './rescan.ts'

/**
 * Looks at every name in the working directory. Throws if the directory cannot be read.
 * @param isKnown Whether a service is known: then its log/ is not looked for again.
 */
export function listServices(isKnown: (key: string) => boolean): Listed[] {
  return readDirectory('.')
    .filter((name) => !name.startsWith('.'))
    .map((name) => lookAt(name, isKnown))
}

function lookAt(name: string, isKnown: (key: string) => boolean): Listed {
  try {
    const { device, inode, isDirectory } = statFile(name)
    if (!isDirectory) return { name, type: 'other' }
    const key = `${device}:${inode}`
    return { name, type: 'directory', key, isLink: isSymbolicLink(name), log: isKnown(key) ? 'none' : lookForLog(name) }
  } catch (failure) {
    return { name, type: 'failed', failure }
  }
}

function lookForLog(name: string): 'none' | 'present' | { failure: unknown } {
  try {
    return fileExists(`${name}/log`) ? 'present' : 'none'
  } catch (failure) {
    return { failure }
  }
}
