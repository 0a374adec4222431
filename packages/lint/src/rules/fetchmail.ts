/** Our first service, and what goes wrong with it: docs/fetchmail.md. */
import { callsOf, pathIn, resolveIn, shellScripts, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'
import { accountOf } from './logging.ts'

export const fetchmailRules: readonly Rule<Unit>[] = [
  {
    id: 'fetchmail-configuration',
    severity: 'error',
    *check(unit) {
      for (const { line, path, shown, account } of configurations(unit)) {
        const file = unit.paths.get(path)
        const user = account === undefined ? undefined : unit.accounts.get(account)
        if (file === undefined) yield { file: pathIn(unit, 'run'), line, what: `there is no ${shown}`, why: 'fetchmail would say so and end', fix: unit.entries.has('fetchmail.conf.example') ? `install -m 0600${account === undefined ? '' : ` -o ${account}`} ${shellWord(pathIn(unit, 'fetchmail.conf.example'))} ${shellWord(path)}` : undefined }
        else if ((file.mode & 0o067) !== 0) yield { file: shown, what: `its mode is 0${file.mode.toString(8).padStart(3, '0')}`, why: 'it holds a password, and fetchmail refuses it (exit 6)', fix: `chmod 0600 ${shellWord(path)}` }
        else if (user !== undefined && file.uid !== user.uid) yield { file: shown, what: `it does not belong to ${account}`, why: 'fetchmail refuses a configuration that is not its own (exit 6)', fix: `chown ${account}: ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'fetchmail-home',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, chain, last } } of callsOf(unit)) {
        if (last.program !== 'fetchmail' || script.name !== 'run') continue
        const assigned = [...script.script.commands.flatMap(({ assignments }) => assignments.map(({ name }) => name)), ...chain.flatMap(({ args }) => args.map(({ text }) => text.split('=')[0]!))]
        if (!assigned.includes('HOME')) yield { file: pathIn(unit, 'run'), line: command.line, what: 'HOME is not set', why: 'svscanboot sets none, and fetchmail exits 23 since 6.4: "Cannot find absolute path for user\'s home directory"; FETCHMAILHOME is not enough' }
      }
    },
  },
  {
    id: 'fetchmail-once',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, last, isMain } } of callsOf(unit)) {
        if (last.program !== 'fetchmail' || script.name !== 'run' || !isMain) continue
        const repeats = last.args.some(({ text, isLiteral }) => /^(--daemon|-[a-zA-Z]*d)/.test(text) || (!isLiteral && text.startsWith('$')))
        if (!repeats) yield { file: pathIn(unit, 'run'), line: command.line, what: 'fetchmail polls once and ends', why: 'unless its configuration says "set daemon", it is started again every second, with a login each time: --nodetach --daemon 551' }
      }
    },
  },
  {
    id: 'hangup-kills',
    severity: 'warning',
    *check(unit) {
      const runs = callsOf(unit).some(({ script, call: { last } }) => script.name === 'run' && last.program === 'fetchmail')
      if (!runs) return
      const signal = unit.entries.get('down-signal')?.text?.trim().replace(/^SIG/, '').toUpperCase()
      if (signal === 'USR1' || signal === '10') yield { file: pathIn(unit, 'down-signal'), line: 1, what: 'USR1 does not end fetchmail', why: 'it polls at once; TERM ends it' }
      for (const script of shellScripts(unit)) {
        for (const { words, line } of script.script.commands) {
          const text = words.map((word) => word.text).join(' ')
          if (/^(svc -\w*h|(pkill|killall|kill) .*\b(SIG)?HUP\b)/.test(text)) yield { file: pathIn(unit, script.name), line, what: 'it sends HUP to fetchmail', why: 'a fetchmail that is not root\'s dies of it, and leaves its pid file; svc -1 (USR1) polls at once' }
        }
      }
    },
  },
]

/** The files behind -f. */
function* configurations(unit: Unit): Generator<{ line: number; path: string; shown: string; account: string | undefined }> {
  for (const { script, call: { command, chain, last, isMain } } of callsOf(unit)) {
    if (last.program !== 'fetchmail' || script.name !== 'run' || !isMain) continue
    const at = last.args.findIndex(({ text }) => text === '-f' || text === '--fetchmailrc')
    const word = at === -1 ? undefined : last.args[at + 1]
    if (word?.isLiteral === true) yield { line: command.line, path: resolveIn(unit, word.text), shown: word.text.startsWith('/') ? word.text : pathIn(unit, word.text.replace(/^\.\//, '')), account: accountOf(chain) }
  }
}
