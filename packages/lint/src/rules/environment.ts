/** Files for envdir. */
import { callsOf, type FileFact, pathIn, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

export const environmentRules: readonly Rule<Unit>[] = [
  {
    id: 'env-blanks',
    severity: 'warning',
    *check(unit) {
      for (const [name, { text }] of variablesOf(unit)) {
        const line = firstLine(text)
        if (/^[ \t]+\S/.test(line)) yield { file: pathIn(unit, name), line: 1, what: 'the value begins with blanks', why: 'envdir keeps them (only those at its end are taken away)' }
        else if (/\S[ \t]+$/.test(line)) yield { file: pathIn(unit, name), line: 1, what: 'the value ends with blanks', why: 'envdir takes them away' }
      }
    },
  },
  {
    id: 'env-carriage-return',
    severity: 'warning',
    *check(unit) {
      for (const [name, { text }] of variablesOf(unit)) {
        if (firstLine(text).endsWith('\r')) yield { file: pathIn(unit, name), line: 1, what: 'the line ends as in DOS', why: 'the carriage return becomes a part of the value', fix: `sed -i 's/\\r$//' ${shellWord(pathIn(unit, name))}` }
      }
    },
  },
  {
    id: 'env-more-lines',
    severity: 'warning',
    *check(unit) {
      for (const [name, { text }] of variablesOf(unit)) {
        if (/\n[^\n]*[^\s][^]*$/.test(text ?? '')) yield { file: pathIn(unit, name), line: 2, what: 'there is more than one line', why: 'envdir reads the first only; a NUL in it becomes a newline in the value' }
      }
    },
  },
  {
    id: 'env-nul',
    severity: 'warning',
    *check(unit) {
      for (const [name, { text }] of variablesOf(unit)) {
        if (firstLine(text).includes('\0')) yield { file: pathIn(unit, name), line: 1, what: 'there is a NUL in the value', why: 'envdir makes a newline of it' }
      }
    },
  },
  {
    id: 'env-not-a-variable',
    severity: 'error',
    *check(unit) {
      for (const [path, entry] of unit.entries) {
        const name = /^env\/([^/]+)$/.exec(path)?.[1]
        if (name === undefined || name.startsWith('.') || !usesEnvdir(unit)) continue
        if (entry.type === 'directory') yield { file: pathIn(unit, path), what: 'a directory among the variables', why: 'envdir says "is a directory" and does not run the program' }
        else if (entry.type === 'dangling') yield { file: pathIn(unit, path), what: `a link to ${entry.target}, which is not there`, why: 'C\'s envdir gives it the value of another variable' }
        else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) yield { file: pathIn(unit, path), what: `${name} cannot be the name of a variable`, why: name.includes('=') ? 'envdir sets another variable than the file is called' : 'no shell can read such a variable; a leftover of an editor?', fix: `rm ${shellWord(pathIn(unit, path))}` }
      }
    },
  },
  {
    id: 'env-secret-open',
    severity: 'warning',
    *check(unit) {
      for (const [path, { mode, type }] of unit.entries) {
        const name = /^env\/([^/]+)$/.exec(path)?.[1]
        if (name === undefined || type !== 'file' || !/pass|secret|token|api_?key|credential/i.test(name)) continue
        const isClosed = ((unit.entries.get('env')?.mode ?? 0) & 0o005) === 0
        if ((mode & 0o004) !== 0 && !isClosed) yield { file: pathIn(unit, path), what: 'everybody may read it', why: 'by its name it holds a secret', fix: `chmod 0600 ${shellWord(pathIn(unit, path))}` }
      }
    },
  },
]

function variablesOf(unit: Unit): [string, FileFact][] {
  return [...unit.entries].filter(([path, { type }]) => /^env\/[^./][^/]*$/.test(path) && type === 'file')
}

function firstLine(text: string | undefined): string {
  return (text ?? '').split('\n', 1)[0]!
}

/** Or something that reads such files as envdir does. */
function usesEnvdir(unit: Unit): boolean {
  return callsOf(unit).some(({ call: { chain } }) => chain.some(({ program, args }) => ['envdir', 's6-envdir', 'chpst'].includes(program) && args.some(({ text }) => /(^|\/|-e)(\.\/)?env\/?$/.test(text))))
}
