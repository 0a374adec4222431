/** A variable to be set, or unset where there is no value. The name may hold `=`: what follows it then belongs to the value. */
export interface Setting {
  name: string
  value?: string
}

/**
 * The environment after these settings, by djb's rules (pathexec_env.c): of each name the first entry goes, the last one moves into
 * its place, and the new one is appended. Later copies of a name stay.
 */
export function editEnvironment(environment: readonly string[], settings: Iterable<Setting>): string[] {
  const entries = [...environment]
  for (const { name, value } of settings) {
    const entry = value === undefined ? name : `${name}=${value}`
    const split = entry.indexOf('=')
    const prefix = split === -1 ? `${entry}=` : entry.slice(0, split + 1)
    const found = entries.findIndex((old) => old.startsWith(prefix))
    const last = found === -1 ? undefined : entries.pop()!
    if (last !== undefined && found < entries.length) entries[found] = last
    if (split !== -1) entries.push(entry)
  }
  return entries
}
