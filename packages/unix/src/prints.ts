/** Whether anything is new about many files, at the cost of one kernel call for each and no more. */
import { cString } from './files.ts'
import { bindFunctions } from './native.ts'
import { ownLibrary } from './own.ts'

/** prints.c */
const bytesOfPrint = 32

/**
 * Which files some paths lead to (by device and inode), when each was changed last (its ctime, and a directory's when a name in it came or went), and its
 * type; or why that is not to be seen.
 */
export class Prints {
  readonly #paths: Buffer
  readonly #count: number
  readonly #first: Buffer
  readonly #now: Buffer

  /** As it is now. @param paths Byte strings. */
  constructor(paths: readonly string[]) {
    this.#paths = Buffer.concat(paths.map(cString))
    this.#count = paths.length
    this.#first = Buffer.alloc(paths.length * bytesOfPrint)
    this.#now = Buffer.alloc(paths.length * bytesOfPrint)
    this.#take(this.#first)
  }

  /** Whether something is different from what it was at first. */
  haveChanged(): boolean {
    this.#take(this.#now)
    return !this.#now.equals(this.#first)
  }

  #take(prints: Buffer): void {
    getCalls().take_prints(this.#paths, this.#count, prints)
  }
}

interface Calls {
  take_prints(paths: Buffer, count: number, prints: Buffer): void
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({ take_prints: 'void take_prints(const void *paths, int count, void *prints)' }, ownLibrary()))
}
