/** Processes that are known by their environment: whatever session they went into, they are ended with the test. */
import * as fs from 'node:fs'
import type { Test } from 'tap'
import { kill } from './process.ts'
import { until } from './until.ts'

/** What to put into the environment of a process, so that it and its descendants end with the test. Ask for it before these are started. */
export function endMarked(t: Test, mark: string): { DAEMONTOOLS_TEST: string } {
  t.teardown(() =>
    until(`nobody of ${mark} is left`, () => {
      const pids = marked(mark)
      for (const pid of pids) kill(pid)
      return pids.length === 0
    }),
  )
  return { DAEMONTOOLS_TEST: mark }
}

/** The processes whose environment has the mark. */
export function marked(mark: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => environment(pid).includes(`DAEMONTOOLS_TEST=${mark}`)).map(Number)
}

/** Empty for what has ended. */
function environment(pid: string): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return []
  }
}
