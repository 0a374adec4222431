import * as fs from 'node:fs'
import { SystemError } from './errno.ts'
import { getPosix } from './native.ts'

const EMFILE = 24
/** Files that must stay to be opened for starting programs and writing down what they do. */
const spare = 16
let limit = Infinity

/** Lets this process have as many files open as the kernel allows, if it may ask for that. What we start gets the limit that we inherited. */
export function raiseOpenFiles(): void {
  try {
    const most = Number(fs.readFileSync('/proc/sys/fs/nr_open', 'latin1'))
    getPosix().setrlimit('nofile', { soft: most, hard: most })
  } catch {
    // not root: the hard limit is the limit
  }
  limit = getPosix().getrlimit('nofile').soft ?? Infinity
}

/**
 * Throws EMFILE if a file that is to stay open has taken one of the last numbers: the kernel gives the lowest that is free, so as long as none
 * does, there are some for what is opened for a moment only.
 */
export function expectSpare(fd: number): void {
  if (fd >= limit - spare) throw new SystemError('open', EMFILE)
}
