/** What the service is called, and files that are nearly called as they should be. */
import { policyFiles } from '@daemontools-ts/servicedir'
import { pathIn, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

const mostPath = 4095 // PATH_MAX, without its NUL
const longestInside = '/log/supervise/status.new'.length
const known = ['run', 'down', 'log', 'supervise', 'env', ...policyFiles]

export const nameRules: readonly Rule<Unit>[] = [
  {
    id: 'hidden-name',
    severity: 'warning',
    *check({ name, path, isLog }) {
      if (!isLog && name.startsWith('.')) yield { file: path, what: 'its name begins with a dot', why: 'svscan passes over it: it will not be started', fix: `mv ${shellWord(path)} ${shellWord(path.slice(0, path.length - name.length) + name.replace(/^\.+/, ''))}` }
    },
  },
  {
    id: 'awkward-name',
    severity: 'warning',
    *check({ name, path, isLog }) {
      if (!isLog && /[\s\x00-\x1f\x7f*?[\]'"\\$`]/.test(name)) yield { file: path, what: 'its name has blanks or characters that a shell takes for its own', why: 'svc, svstat and scripts around them will be used with it unquoted, sooner or later' }
    },
  },
  {
    id: 'path-too-long',
    severity: 'error',
    *check({ path, isLog }) {
      if (!isLog && path.length + longestInside > mostPath) yield { file: path, what: `its path has ${path.length} bytes`, why: `with ${longestInside} for files in supervise/ it is longer than the system's ${mostPath}` }
    },
  },
  {
    id: 'misspelt-file',
    severity: 'warning',
    *check(unit) {
      for (const name of unit.entries.keys()) {
        if (name.includes('/') || known.includes(name) || unit.entries.get(name)!.type === 'directory') continue
        const meant = known.find((each) => isMisspelt(name, each))
        if (meant !== undefined) yield { file: pathIn(unit, name), what: `nothing reads a file ${name}`, why: `supervise reads ${meant}`, fix: `mv ${shellWord(pathIn(unit, name))} ${shellWord(pathIn(unit, meant))}` }
      }
    },
  },
]

/** Another case, another separator, or one letter of a longer word. */
function isMisspelt(name: string, meant: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[-_. ]/g, '')
  if (name !== meant && bare(name) === bare(meant)) return true
  return meant.length >= 5 && Math.abs(name.length - meant.length) <= 1 && isOneApart(name, meant)
}

function isOneApart(one: string, other: string): boolean {
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  const rest = (text: string, skip: number): string => text.slice(start + skip)
  const isSwapped = one[start] === other[start + 1] && one[start + 1] === other[start] && rest(one, 2) === rest(other, 2)
  return one !== other && (isSwapped || rest(one, 1) === rest(other, 1) || rest(one, 1) === rest(other, 0) || rest(one, 0) === rest(other, 1))
}
