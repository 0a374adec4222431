/** The processes of a scratch folder, and their end. */
import { Census, type Found } from '../campaign/census.ts'
import { isSame, kill } from '../support/process.ts'
import { until } from '../support/until.ts'

/** Whoever has the folder in his arguments, environment or as working directory. */
export function census(folder: string, supervisors: ReadonlySet<string> = new Set()): Found[] {
  return new Census({ folder, units: new Map(), supervisors }).take()
}

/** Kills them until there is none. */
export async function endAll(folder: string, supervisors?: ReadonlySet<string>): Promise<void> {
  await until(`nothing of ${folder} runs`, () => killAll(folder, supervisors) === 0)
}

/** The same, as far as it can be done at once. */
export function endAllSync(folder: string): void {
  for (let round = 0; round < 100 && killAll(folder) > 0; round++) continue
}

/** How many there were. */
function killAll(folder: string, supervisors?: ReadonlySet<string>): number {
  const found = census(folder, supervisors).filter(({ state, pid }) => state !== 'Z' && pid !== process.ppid)
  // Supervisors first: they would start others.
  found.sort((a, b) => Number(b.role === 'supervisor') - Number(a.role === 'supervisor'))
  for (const one of found) if (isSame(one)) kill(one.pid)
  return found.length
}
