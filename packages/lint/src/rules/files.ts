/** The files that supervise runs, and the directory itself. */
import { pathIn, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'
import { programOf } from '../script.ts'

export const fileRules: readonly Rule<Unit>[] = [
  {
    id: 'run-missing',
    severity: 'error',
    *check(unit) {
      const run = unit.entries.get('run')
      if (unit.isLog && run === undefined) return // log-run-missing
      const leftover = ['run~', '#run#', 'run.bak', 'run.sh', 'run.txt'].find((name) => unit.entries.has(name))
      const fix = leftover === undefined ? undefined : `mv ${shellWord(pathIn(unit, leftover))} ${shellWord(pathIn(unit, 'run'))}`
      if (run === undefined) yield { file: pathIn(unit, 'run'), what: 'there is no run', why: `supervise starts ./run, and says every second that it cannot${leftover === undefined ? '' : `; ${leftover} may be it`}`, fix }
      else if (run.type !== 'file') yield { file: pathIn(unit, 'run'), what: `run is ${run.type === 'dangling' ? `a link to ${run.target}, which is not there` : `no file but a ${run.type}`}`, why: 'supervise cannot execute it' }
    },
  },
  {
    id: 'not-executable',
    severity: 'error',
    *check(unit) {
      for (const { name, file } of unit.scripts) {
        if ((file.mode & 0o111) !== 0) continue
        yield { file: pathIn(unit, name), what: 'it is not executable', why: `supervise cannot start it (access denied)${name === 'run' ? ', and tries again every second' : ''}`, fix: `chmod +x ${shellWord(pathIn(unit, name))}` }
      }
    },
  },
  {
    id: 'no-interpreter-line',
    severity: 'warning',
    *check(unit) {
      for (const { name, file, text, interpreter } of unit.scripts) {
        if (interpreter !== undefined || file.size === 0 || /^\x7fELF|\0/.test(text.slice(0, 512))) continue
        yield { file: pathIn(unit, name), line: 1, what: 'the first line does not begin with #!', why: 'our supervise hands it to /bin/sh; that of C says "exec format error"', fix: `sed -i '1i #!/bin/sh' ${shellWord(pathIn(unit, name))}` }
      }
    },
  },
  {
    id: 'empty-script',
    severity: 'error',
    *check(unit) {
      for (const { name, file, text } of unit.scripts) {
        const isEmpty = file.size === 0 || (text !== '' && !/^\x7fELF|\0/.test(text) && text.split('\n').every((line) => /^\s*(#.*)?$/.test(line)))
        if (isEmpty) yield { file: pathIn(unit, name), what: 'there is no command in it', why: name === 'run' ? 'it ends at once, and is started again every second' : 'it does nothing' }
      }
    },
  },
  {
    id: 'interpreter-missing',
    severity: 'error',
    *check(unit) {
      for (const { name, interpreter } of unit.scripts) {
        if (interpreter === undefined || interpreter.includes('\r')) continue
        const [path = ''] = interpreter.split(/[ \t]+/)
        const program = programOf(interpreter)
        if (path !== '' && unit.paths.has(path) && unit.paths.get(path)?.type !== 'file') yield { file: pathIn(unit, name), line: 1, what: `there is no ${path}`, why: 'the kernel says "file does not exist", as if the script itself were missing' }
        else if (path === '') yield { file: pathIn(unit, name), line: 1, what: 'nothing is behind #!', why: 'the kernel cannot execute it' }
        else if (path.endsWith('/env') && unit.programs.get(program) === false) yield { file: pathIn(unit, name), line: 1, what: `env will not find ${program}`, why: 'it is not on the PATH that svscanboot sets' }
      }
    },
  },
  {
    id: 'carriage-return',
    severity: 'error',
    *check(unit) {
      for (const { name, text, isShell, interpreter } of unit.scripts) {
        const line = text.slice(0, 65536).split('\n').findIndex((each) => each.endsWith('\r'))
        if (line === -1 || !(isShell || interpreter !== undefined)) continue
        const why = line === 0 ? 'the kernel looks for an interpreter whose name ends with a carriage return' : 'the shell takes the carriage return for a part of the last word'
        yield { file: pathIn(unit, name), line: line + 1, what: 'lines end as in DOS', why, fix: `sed -i 's/\\r$//' ${shellWord(pathIn(unit, name))}` }
      }
    },
  },
  {
    id: 'world-writable',
    severity: 'error',
    *check(unit) {
      const all = [['', unit.directory] as const, ...unit.scripts.map(({ name, file }) => [name, file] as const)]
      for (const [name, { mode }] of all) {
        const path = name === '' ? unit.path : pathIn(unit, name)
        if ((mode & 0o002) !== 0) yield { file: path, what: 'everybody may write it', why: `supervise runs ${name === '' ? 'what is in it' : 'it'} as ${unit.uid === 0 ? 'root' : 'you'}`, fix: `chmod o-w ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'owned-by-service',
    severity: 'warning',
    *check(unit) {
      const uids = [...unit.accounts.values()].flatMap((account) => (account === undefined || account.uid === 0 ? [] : [account.uid]))
      const all = [['', unit.directory] as const, ...unit.scripts.map(({ name, file }) => [name, file] as const)]
      for (const [name, { uid }] of all) {
        const path = name === '' ? unit.path : pathIn(unit, name)
        if (unit.uid === 0 && uids.includes(uid)) yield { file: path, what: `it belongs to the account that the service runs as (uid ${uid})`, why: 'whoever breaks into the service can change what root runs at its next start', fix: `chown root: ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'editor-leftover',
    severity: 'warning',
    *check(unit) {
      if (!unit.entries.has('run')) return
      for (const name of unit.entries.keys()) {
        if (/^(run~|#run#|\.run\.sw[po]|run\.(bak|orig|rej|dpkg-(new|old|dist)|rpm(new|save)))$/.test(name)) yield { file: pathIn(unit, name), what: 'an editor or a package has left this beside run', why: 'supervise runs run only; which of the two did you mean?', fix: `diff ${shellWord(pathIn(unit, name))} ${shellWord(pathIn(unit, 'run'))}` }
      }
    },
  },
]
