/** Every row, with theirs and ours at the same time. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compile } from '../support/compile.ts'
import { fixture, ours, theirs } from '../support/implementation.ts'
import { isSame, judge, type Played, type Verdict } from './judge.ts'
import { play } from './play.ts'
import type { Row } from './row.ts'

/** Why this machine cannot compare, or undefined. */
export function whyNot(): string | undefined {
  if (process.getuid!() !== 0) return 'needs root'
  if (!fs.existsSync(join(theirs.folder, 'svscan'))) return `needs daemontools' programs in ${theirs.folder}`
  return undefined
}

/** In the order of the rows. */
export async function compare(rows: readonly Row[], onVerdict: (verdict: Verdict) => void = () => undefined): Promise<Verdict[]> {
  const deviations = readDeviations()
  const base = makeBase()
  try {
    for (const name of ['print-inherited', 'surround']) compile(base, name)
    const verdicts: Verdict[] = []
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < rows.length) {
        const index = next++
        const row = rows[index]!
        verdicts[index] = judge(row, await playAll(row, join(base, `${index}`), base), deviations)
        onVerdict(verdicts[index])
      }
    }
    await Promise.all(Array.from({ length: availableParallelism() * 3 }, worker))
    return verdicts
  } finally {
    fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Theirs once more where ours is no witness that it does the same twice. */
async function playAll(row: Row, place: string, tools: string): Promise<Played> {
  const isThere = fs.existsSync(join(ours.folder, row.command))
  const [first, our] = await Promise.all([play(row, theirs, join(place, 't1'), tools), isThere ? play(row, ours, join(place, 'o1'), tools) : undefined])
  const isProved = our !== undefined && isSame(first, our)
  return { theirs: first, again: isProved ? first : await play(row, theirs, join(place, 't2'), tools), ours: our }
}

/** In memory if programs may be executed there: several times as fast. */
function makeBase(): string {
  for (const parent of ['/dev/shm', tmpdir()]) {
    try {
      const base = fs.mkdtempSync(join(parent, 'daemontools-compare-'))
      fs.chmodSync(base, 0o755)
      fs.writeFileSync(join(base, 'try'), '#!/bin/sh\n', { mode: 0o755 })
      if (spawnSync(join(base, 'try')).status === 0) return base
      fs.rmSync(base, { recursive: true })
    } catch {
      // there is no such folder
    }
  }
  throw new Error(`no folder for programs: neither /dev/shm nor ${tmpdir()}`)
}

/** The bold names. */
function readDeviations(): Set<string> {
  const text = fs.readFileSync(join(dirname(fixture('')), '..', 'docs', 'deviations.md'), 'utf8')
  return new Set([...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name]) => name!))
}
