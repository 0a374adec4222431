/** supervise/, and log/ as a service. */
import { type FileFact, pathIn, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

const types: { [name: string]: FileFact['type'] } = { control: 'fifo', ok: 'fifo', lock: 'file', status: 'file' }

export const supervisionRules: readonly Rule<Unit>[] = [
  {
    id: 'supervise-damaged',
    severity: 'error',
    *check(unit) {
      for (const [name, type] of Object.entries(types)) {
        const entry = unit.entries.get(`supervise/${name}`)
        if (entry === undefined || entry.type === type) continue
        const path = pathIn(unit, `supervise/${name}`)
        yield { file: path, what: `it is no ${type} but a ${entry.type}`, why: type === 'fifo' ? 'svc would write its letters into it, and nobody would read them' : 'supervise cannot use it', fix: `rm -r ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'supervise-not-writable',
    severity: 'error',
    *check(unit) {
      const entry = unit.entries.get('supervise')
      const path = pathIn(unit, 'supervise')
      if (entry === undefined) {
        if (unit.isReadOnly) yield { file: path, what: 'the file system is mounted read-only', why: 'supervise cannot make its directory: make a link to where it can', fix: undefined }
        return
      }
      if (entry.type === 'dangling') {
        const target = entry.target ?? ''
        const parent = target.slice(0, target.lastIndexOf('/')) || '/'
        if (target.startsWith('/') && unit.paths.get(parent) === undefined) yield { file: path, what: `it leads to ${target}, and there is no ${parent}`, why: 'supervise makes the directory itself, but none above it', fix: `mkdir -p ${shellWord(parent)}` }
      } else if (entry.type !== 'directory') yield { file: path, what: `it is no directory but a ${entry.type}`, why: 'supervise cannot keep its files there', fix: `rm ${shellWord(path)}` }
      else if (unit.uid === 0 && entry.uid !== 0) yield { file: path, what: `it belongs to uid ${entry.uid}, not to root`, why: 'that account can steer the service, and fool svc and svstat', fix: `chown -R root: ${shellWord(path)}` }
      else if ((entry.mode & 0o300) !== 0o300) yield { file: path, what: `its mode is 0${entry.mode.toString(8)}`, why: 'its owner may not write it', fix: `chmod 0700 ${shellWord(path)}` }
    },
  },
  {
    id: 'log-run-missing',
    severity: 'error',
    *check(unit) {
      const log = unit.entries.get('log')
      if (unit.isLog || log === undefined) return
      const path = pathIn(unit, 'log')
      if (log.type === 'dangling') yield { file: path, what: `it leads to ${log.target}, which is not there`, why: 'svscan would start the service without its log' }
      else if (log.type !== 'directory') yield { file: path, what: `it is no directory but a ${log.type}`, why: 'svscan looks for log/run' }
      else if (unit.log?.entries.get('run') === undefined) yield { file: `${path}/run`, what: 'there is a log/, but no log/run', why: 'svscan makes the pipe all the same: when it is full, the service stops', fix: `rm -r ${shellWord(path)}` }
    },
  },
]
