/** What is in a folder, in a form that two runs can be compared by. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const label = /@[0-9a-f]{24}/g

/** `mode length content` of each file below the folder. Labels differ from run to run: each becomes `@`, in names with its rank. */
export function describeFolder(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  let rank = 0
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    const status = statSync(path)
    const mode = (status.mode & 0o7777).toString(8)
    const shown = name.replace(label, () => `@${rank++}`)
    if (status.isDirectory()) {
      found[`${shown}/`] = mode
      for (const [inner, what] of Object.entries(describeFolder(path))) found[`${shown}/${inner}`] = what
    } else {
      const content = readFileSync(path, 'latin1')
      found[shown] = `${mode} ${content.length} ${content.replace(label, '@')}`
    }
  }
  return found
}

/** The old files of a log directory in order, then current: everything that it holds, as one text. */
export function readLog(folder: string): string {
  const names = readdirSync(folder).filter((name) => name[0] === '@').sort()
  if (readdirSync(folder).includes('current')) names.push('current')
  return names.map((name) => readFileSync(join(folder, name), 'latin1')).join('')
}
