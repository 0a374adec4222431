/** Log directories for tests. */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatLabel } from '@daemontools-ts/tai64'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'

/** A folder that goes with the test. */
export function scratch(t: Test): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'daemontools-test-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The label of a moment in nanoseconds since 1970. */
export function labelAt(nanoseconds: number): string {
  return formatLabel({ tai: 2n ** 62n + 10n + BigInt(Math.floor(nanoseconds / 1e9)), nanoseconds: nanoseconds % 1e9 })
}

/** Writes a log directory: each file a name and its text. */
export function makeLog(path: string, files: Record<string, string | Buffer>): string {
  fs.mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(path, name), text)
  return path
}

export async function until(what: string, holds: () => boolean, detail: () => string = () => ''): Promise<void> {
  const deadline = performance.now() + 45_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not in 45 seconds; ${detail()}`)
    await pause(10)
  }
}
