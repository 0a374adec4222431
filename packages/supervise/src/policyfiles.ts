import { warn } from '@daemontools-ts/command'
import { defaultPolicy, type Policy, readPolicy } from '@daemontools-ts/servicedir'
import type { Folder } from './folder.ts'
import { words } from './words.ts'

/** The optional files of a service directory, and what is wrong with them: said once, until it changes. */
export class PolicyFiles {
  readonly #folder: Folder
  #complaints = ''
  /** As last read. */
  policy: Policy = defaultPolicy

  constructor(folder: Folder) {
    this.#folder = folder
  }

  /** Looks at them anew. What cannot be read leaves the policy as it was. */
  read(): void {
    try {
      const { policy, complaints } = readPolicy(this.#folder.readPolicyFiles())
      this.policy = policy
      this.#complain(complaints.map(({ file, expected }) => words.policyFile(this.#folder.dir, file, expected)))
    } catch (error) {
      this.#complain([words.policy(this.#folder.dir)], error)
    }
  }

  #complain(complaints: readonly string[], why?: unknown): void {
    const all = complaints.join()
    if (all !== this.#complaints) for (const complaint of complaints) warn('supervise', complaint, why)
    this.#complaints = all
  }
}
