/** The service folder as a whole. */
import { findLogger } from '@daemontools-ts/runscript'
import { type FileFact, resolveIn, scriptOf, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

export interface FolderFacts {
  path: string
  directory: FileFact
  /** Its entries: the directories themselves, or what links lead to. */
  entries: ReadonlyMap<string, FileFact>
  units: readonly Unit[]
  /** Processes of svscan that work in it. */
  scanners: readonly number[]
}

export const folderRules: readonly Rule<FolderFacts>[] = [
  {
    id: 'dangling-link',
    severity: 'error',
    *check({ path, entries }) {
      for (const [name, { type, target }] of entries) {
        if (type === 'dangling') yield { file: `${path}/${name}`, what: `it leads to ${target}, which is not there`, why: 'svscan tries to start it at each look', fix: `rm ${shellWord(`${path}/${name}`)}` }
      }
    },
  },
  {
    id: 'linked-twice',
    severity: 'error',
    *check({ path, entries }) {
      const names = new Map<string, string>()
      for (const [name, { identity, type }] of entries) {
        const first = names.get(identity)
        if (type !== 'directory' || name.startsWith('.')) continue
        if (first !== undefined) yield { file: `${path}/${name}`, what: `it is the same directory as ${first}`, why: 'two supervises want one supervise/: the second says "temporary failure" for ever', fix: `rm ${shellWord(`${path}/${name}`)}` }
        else names.set(identity, name)
      }
    },
  },
  {
    id: 'two-svscans',
    severity: 'error',
    *check({ path, scanners }) {
      if (scanners.length > 1) yield { file: path, what: `${scanners.length} svscans are at work here (pids ${scanners.join(', ')})`, why: 'each starts a supervise for every service, and only one can have it: what the other says is confusion', fix: `kill ${scanners[scanners.length - 1]}` }
    },
  },
  {
    id: 'folder-open',
    severity: 'error',
    *check({ path, directory }) {
      if ((directory.mode & 0o002) !== 0) yield { file: path, what: 'everybody may write the service folder', why: 'svscan runs what anybody puts there, with its own rights', fix: `chmod o-w ${shellWord(path)}` }
    },
  },
  {
    id: 'log-directory-shared',
    severity: 'error',
    *check({ units }) {
      const owners = new Map<string, Unit>()
      for (const { log } of units) {
        const run = log === undefined ? undefined : scriptOf(log)
        const logger = run === undefined ? undefined : findLogger(run.script)
        if (log === undefined || logger?.workingDirectory?.isLiteral !== true) continue
        for (const { text, isLiteral, line } of logger.directories) {
          if (!isLiteral) continue
          const path = resolveIn(log, text.startsWith('/') ? text : `${logger.workingDirectory.text}/${text}`)
          const other = owners.get(path)
          if (other !== undefined && other !== log) yield { file: `${log.path}/run`, line, what: `${path} is the log of ${other.path} as well`, why: 'multilog locks its directory: the second logger never starts, and its service stops when the pipe is full' }
          else owners.set(path, log)
        }
      }
    },
  },
]
