/** The steps for one file or directory. Whoever stops after any step can plan again and ends at the same tree. */
import { ancestorsOf } from './layout.ts'
import type { Step } from './step.ts'
import type { Entry, System, Template } from './system.ts'

/** The end of a file's name while it is being written. Nobody else would choose it, so one that is found may go. */
const unfinished = '.installing'

/** Directories and all that lead to them, left as they are if they exist. */
export function planDirectories(system: System, paths: readonly string[]): Step[] {
  const all = new Set(paths.flatMap((path) => [...ancestorsOf(path), path]))
  return [...all].flatMap((path) => planDirectory(system, path, 0o755))
}

/** A directory for one account alone, which has to own it. `account` undefined: the owner does not matter. */
export function planOwnedDirectory(system: System, path: string, account: string | undefined): Step[] {
  const steps = planDirectory(system, path, 0o700)
  const owner = account && system.accounts.get(account)?.uid
  const isOwned = owner !== undefined && system.entries.get(path)?.uid === owner
  return account === undefined || isOwned ? steps : [...steps, { do: 'give', path, account }]
}

/** A file that is the administrator's as soon as it exists. */
export function planConfiguration(system: System, path: string, template: Template, mode: number, owner?: string): Step[] {
  if (system.entries.has(path)) return discard(system, path)
  const from = path + unfinished
  return [
    { do: 'write', path: from, mode, ...template },
    ...(owner === undefined ? [] : [{ do: 'give', path: from, account: owner } as const]),
    { do: 'create', path, from },
  ]
}

/** The first configuration that is a person's own, in the place of the example or of none. */
export function planOwnConfiguration(system: System, path: string, template: Template, owner?: string): Step[] {
  const by = path + unfinished
  const steps: Step[] = [
    { do: 'write', path: by, mode: 0o600, ...template },
    ...(owner === undefined ? [] : [{ do: 'give', path: by, account: owner } as const]),
  ]
  return [...steps, system.entries.has(path) ? { do: 'replace', path, by } : { do: 'create', path, from: by }]
}

/** A file that is ours. If somebody has changed it, theirs keeps a name of its own. */
export function planProgram(system: System, path: string, template: Template, mode: number): Step[] {
  const found = system.entries.get(path)
  if (found?.content === template.content && found.mode === mode) return discard(system, path)
  const by = path + unfinished
  const as = found && found.content !== template.content ? nameToKeep(system, path, found) : undefined
  return [
    { do: 'write', path: by, mode, ...template },
    ...(as === undefined ? [] : [{ do: 'keep', path, as } as const]),
    { do: 'replace', path, by },
  ]
}

/** A free name for a file that is about to be replaced; undefined if the same content is kept already. */
function nameToKeep(system: System, path: string, found: Entry): string | undefined {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${path}.old` : `${path}.old.${number}`
    const kept = system.entries.get(name)
    if (kept === undefined) return name
    if (kept.content !== undefined && kept.content === found.content) return undefined
  }
}

function planDirectory(system: System, path: string, mode: number): Step[] {
  return system.entries.get(path)?.kind === 'directory' ? [] : [{ do: 'make directory', path, mode }]
}

function discard(system: System, path: string): Step[] {
  const leftover = path + unfinished
  return system.entries.has(leftover) ? [{ do: 'unlink', path: leftover }] : []
}
