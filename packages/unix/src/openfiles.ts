import * as fs from 'node:fs'
import { getPosix } from './native.ts'

/** Lets this process have as many files open as the kernel allows, if it may ask for that. What we start gets the limit that we inherited. */
export function raiseOpenFiles(): void {
  try {
    const most = Number(fs.readFileSync('/proc/sys/fs/nr_open', 'latin1'))
    getPosix().setrlimit('nofile', { soft: most, hard: most })
  } catch {
    // not root: the hard limit is the limit
  }
}
