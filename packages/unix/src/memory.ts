/** What a daemon that waits needs no longer. */
import * as fs from 'node:fs'
import { bindFunctions } from './native.ts'

const MADV_DONTNEED = 4

/**
 * Lets go of what the runtime has read of its own file: starting touches tens of megabytes of code and constants, waiting a few. What is needed again is
 * taken from the file again, as at first. It does nothing where the kernel refuses.
 */
export function releaseCode(): void {
  const runtime = fs.readlinkSync('/proc/self/exe')
  for (const [, from, to, mode, path, rest] of fs.readFileSync('/proc/self/smaps', 'latin1').matchAll(mapping)) {
    // What may be written now could be, by another thread. What was ever written is not as in the file: some of what may only be read now was, when the runtime was loaded.
    const isAsInFile = /^Anonymous: +0 kB$/m.test(rest!)
    if (path === runtime && mode !== 'rw-p' && isAsInFile) getCalls().madvise(Number(`0x${from}`), Number(`0x${to}`) - Number(`0x${from}`), MADV_DONTNEED)
  }
}

/** proc_pid_smaps(5): a line like those of /proc/self/maps, then lines of NAME: VALUE. */
const mapping = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ +(.*)\n((?:[A-Z]\w+:.*\n)*)/gm

interface Calls {
  madvise(address: number, length: number, advice: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({ madvise: 'int madvise(unsigned long address, unsigned long length, int advice)' }))
}
