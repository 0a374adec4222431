/** What a daemon that waits needs no longer. */
import * as fs from 'node:fs'
import { bindFunctions } from './native.ts'

const MADV_DONTNEED = 4

/**
 * Lets go of the runtime's code that has run: starting touches tens of megabytes of it, waiting a few. What is needed again is taken from the
 * file again, as at first. It does nothing where the kernel refuses.
 */
export function releaseCode(): void {
  const runtime = fs.readlinkSync('/proc/self/exe')
  for (const line of fs.readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    // Code only: nobody writes there, so nothing is lost.
    const [, from, to, path] = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \d+ +(.*)$/.exec(line) ?? []
    if (path === runtime) getCalls().madvise(Number(`0x${from}`), Number(`0x${to}`) - Number(`0x${from}`), MADV_DONTNEED)
  }
}

interface Calls {
  madvise(address: number, length: number, advice: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({ madvise: 'int madvise(unsigned long address, unsigned long length, int advice)' }))
}
