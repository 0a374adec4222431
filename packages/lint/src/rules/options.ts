/** The optional files of a service directory: docs/protocol.md. */
import { type FileFact, pathIn, scriptOf, type Unit } from '../facts.ts'
import { hasText, policyFiles, readPolicy } from '@daemontools-ts/servicedir'
import { type Rule, shellWord } from '../finding.ts'

export const optionRules: readonly Rule<Unit>[] = [
  {
    id: 'bad-number',
    severity: 'error',
    *check(unit) {
      for (const [name, { text }] of textsOf(unit)) {
        const [complaint] = readPolicy(new Map([[name, text ?? '']])).complaints
        if (complaint !== undefined) yield { file: pathIn(unit, name), line: 1, what: `it holds ${JSON.stringify((text ?? '').slice(0, 40))}`, why: `expected ${complaint.expected}; supervise says so once and goes on as if there were no such file` }
      }
    },
  },
  {
    id: 'option-unreadable',
    severity: 'error',
    *check(unit) {
      for (const name of policyFiles) {
        const entry = unit.entries.get(name)
        if (entry !== undefined && entry.type !== 'file') yield { file: pathIn(unit, name), what: `${name} is ${entry.type === 'dangling' ? 'a link to nothing' : `no file but a ${entry.type}`}`, why: 'supervise cannot read it' }
      }
    },
  },
  {
    id: 'notification-without-use',
    severity: 'warning',
    *check(unit) {
      const fd = unit.entries.get('notification-fd')?.text?.trim()
      const run = scriptOf(unit)
      if (fd === undefined || !/^\d+$/.test(fd) || run === undefined) return
      const closed = run.script.commands.find(({ redirections }) => redirections.some(({ operator, target }) => (operator === `${fd}>&` || operator === `${fd}<&`) && target.text === '-'))
      if (closed !== undefined) yield { file: pathIn(unit, 'run'), line: closed.line, what: `it closes descriptor ${fd}`, why: 'that is the one of notification-fd: the service will never be ready' }
    },
  },
  {
    id: 'down-signal-does-not-end',
    severity: 'error',
    *check(unit) {
      const signal = unit.entries.get('down-signal')?.text?.trim().replace(/^SIG/, '').toUpperCase()
      const ignored = ['0', 'CHLD', '17', 'CONT', '18', 'URG', '23', 'WINCH', '28']
      if (signal !== undefined && ignored.includes(signal)) yield { file: pathIn(unit, 'down-signal'), line: 1, what: `${signal} ends no program`, why: 'svc -d would leave the service up, for ever' }
    },
  },
  {
    id: 'down-left',
    severity: 'warning',
    *check(unit) {
      if (unit.entries.has('down') && unit.status !== undefined && unit.status.want === 'up' && unit.status.pid !== 0) yield { file: pathIn(unit, 'down'), what: 'the service is up, but there is a file down', why: 'after the next boot it will stay down', fix: `rm ${shellWord(pathIn(unit, 'down'))}` }
    },
  },
]

function textsOf(unit: Unit): [string, FileFact][] {
  return policyFiles.filter((name) => hasText(name) && unit.entries.get(name)?.type === 'file').map((name) => [name, unit.entries.get(name)!])
}
