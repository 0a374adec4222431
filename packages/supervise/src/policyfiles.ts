import { warn } from '@daemontools-ts/command'
import { defaultPolicy, hasText, type Policy, policyFiles, readPolicy } from '@daemontools-ts/servicedir'
import { errnoOf, fileExists, readStart } from '@daemontools-ts/unix'
import type { Folder } from './folder.ts'
import { words } from './words.ts'

/** Bytes of an optional file, more than belong there. */
const mostText = 100
const ELOOP = 40
/** What is there and cannot be read as a file: a socket, a FIFO whose writer is silent, a file closed to us, a directory, a loop of links. */
const oddities = [6, 11, 13, 21, ELOOP]

/** The optional files of a service directory, and what is wrong with them: said once, until it changes. */
export class PolicyFiles {
  readonly #folder: Folder
  #complaints: readonly string[] = []
  /** As last read. */
  policy: Policy = defaultPolicy

  constructor(folder: Folder) {
    this.#folder = folder
  }

  /** Looks at them anew. What cannot be read leaves the policy as it was. */
  read(): void {
    try {
      const { policy, complaints } = readPolicy(this.#readTexts())
      this.policy = policy
      this.#complain(complaints.map(({ file, expected }) => words.policyFile(this.#folder.dir, file, expected)))
    } catch (error) {
      this.#complain([words.policy(this.#folder.dir)], error)
    }
  }

  /** Each is asked for by name: the directory may hold any number of other files. */
  #readTexts(): Map<string, string> {
    const at = (name: string): string => this.#folder.at(name)
    return new Map(policyFiles.filter((name) => isThere(at(name))).map((name) => [name, hasText(name) ? readText(at(name)) : '']))
  }

  #complain(complaints: readonly string[], why?: unknown): void {
    for (const complaint of complaints) if (!this.#complaints.includes(complaint)) warn('supervise', complaint, why)
    this.#complaints = complaints
  }
}

function isThere(path: string): boolean {
  try {
    return fileExists(path)
  } catch (error) {
    if (errnoOf(error) === ELOOP) return true
    throw error
  }
}

function readText(path: string): string {
  try {
    return readStart(path, mostText)
  } catch (error) {
    if (oddities.includes(errnoOf(error))) return ''
    throw error
  }
}
