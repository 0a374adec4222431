/** The same complaint again and again tells nobody more: which are to be said, by what was said before. */

/** How long a complaint stands before it is said again, in milliseconds. */
export const standsMilliseconds = 60_000

export class Complaints {
  readonly #said = new Map<string, number>()

  /** Whether to say it now. @param now Milliseconds of a monotonic clock. */
  isDue(text: string, now: number): boolean {
    for (const [old, when] of this.#said) if (now - when >= standsMilliseconds) this.#said.delete(old)
    if (this.#said.has(text)) return false
    this.#said.set(text, now)
    return true
  }

  /** Somebody looks: everything is said anew. */
  clear(): void {
    this.#said.clear()
  }
}
