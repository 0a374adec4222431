import type { Test } from 'tap'

/**
 * A test in chapters: each builds on the ones before, so the first that fails is the last.
 * @param situation What a reader of the failure wants to know.
 */
export function chaptersOf(t: Test, situation: () => string): (name: string, body: (t: Test) => Promise<void>) => Promise<void> {
  return async (name, body) => {
    const result = await t.test(name, body)
    if (result === null || result.ok) return
    t.comment(situation())
    throw new Error(`the chapters after "${name}" were not tried`)
  }
}
