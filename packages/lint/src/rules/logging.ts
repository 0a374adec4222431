/** Where what the service says goes. */
import { findLogger } from '@daemontools-ts/runscript'
import { allows, pathIn, resolveIn, scriptOf, type Unit } from '../facts.ts'
import { type Rule, shellWord } from '../finding.ts'

/** Log directories that a log unit's script names, with the account that will write them. */
function* logDirectories(unit: Unit): Generator<{ path: string; line: number; account: string | undefined }> {
  const script = scriptOf(unit)
  if (!unit.isLog || script === undefined) return
  const logger = findLogger(script.script)
  if (logger?.workingDirectory?.isLiteral !== true) return
  const call = script.calls.find(({ chain }) => chain.some(({ word }) => word === logger.link.word))
  const account = call === undefined ? undefined : accountOf(call.chain)
  const folder = logger.workingDirectory.text
  // What the script makes right itself is not wrong.
  const isTended = (text: string): boolean => script.script.commands.some(({ words }) => ['chown', 'chmod', 'mkdir', 'install'].includes(words[0]?.text ?? '') && words.some((word) => word.text === text))
  for (const { text, isLiteral, line } of logger.directories) if (isLiteral && !isTended(text)) yield { path: resolveIn(unit, text.startsWith('/') ? text : `${folder}/${text}`), line, account }
}

/** The account that the last program of a chain runs as, if one is named. */
export function accountOf(chain: readonly { program: string; args: readonly { text: string; isLiteral: boolean }[] }[]): string | undefined {
  for (const { program, args } of [...chain].reverse()) {
    if (program === 'setuidgid' || program === 's6-setuidgid') return args[0]?.isLiteral === true ? args[0].text : undefined
    if (program !== 'chpst') continue
    const at = args.findIndex(({ text }) => /^-u/.test(text))
    const word = at === -1 ? undefined : args[at]!.text === '-u' ? args[at + 1]?.text : args[at]!.text.slice(2)
    if (word !== undefined) return word.replace(/^:.*|:.*$/g, '')
  }
  return undefined
}

export const loggingRules: readonly Rule<Unit>[] = [
  {
    id: 'stderr-not-logged',
    severity: 'warning',
    *check(unit) {
      const script = scriptOf(unit)
      if (unit.isLog || unit.log === undefined || script?.isShell !== true || script.script.commands.length === 0) return
      const redirects = script.script.commands.some(({ redirections }) => redirections.some(({ operator, target }) => (operator === '2>&' && target.text === '1') || operator === '&>' || operator.startsWith('2>')))
      const isDup = script.text.includes('2>&1')
      if (redirects || isDup) return
      yield { file: pathIn(unit, 'run'), what: 'what it says on standard error does not reach its log', why: 'log/run reads standard output only; the errors go to svscan', fix: `sed -i '1a exec 2>&1' ${shellWord(pathIn(unit, 'run'))}` }
    },
  },
  {
    id: 'output-past-the-log',
    severity: 'warning',
    *check(unit) {
      const script = scriptOf(unit)
      if (unit.isLog || unit.log === undefined || script === undefined) return
      for (const { command, isMain, last } of script.calls) {
        const away = command.redirections.find(({ operator, target }) => ['>', '>>', '1>', '1>>', '&>'].includes(operator) && target.text !== '/dev/stdout')
        if (isMain && away !== undefined) yield { file: pathIn(unit, 'run'), line: command.line, what: `the output of ${last.program} goes to ${away.target.text}`, why: 'and so past the log that there is' }
      }
    },
  },
  {
    id: 'multilog-without-time',
    severity: 'warning',
    *check(unit) {
      for (const { link, line } of multilogs(unit)) {
        const [first] = link.args
        if (first?.text.startsWith('t') === true || first?.isLiteral === false) continue
        const later = link.args.find(({ text }) => text === 't')
        yield { file: pathIn(unit, 'run'), line, what: later === undefined ? 'multilog writes no times' : 'multilog ignores a t that is not its first argument', why: 'without times lines of several services cannot be put in order, nor looked up: multilog t ...' }
      }
    },
  },
  {
    id: 'multilog-without-directory',
    severity: 'error',
    *check(unit) {
      for (const { link, line } of multilogs(unit)) {
        if (link.args.some(({ text, isLiteral }) => !isLiteral || /^[./]/.test(text) || /^[e=]/.test(text))) continue
        const meant = link.args.findLast(({ text }) => /^[a-z]\w*$/i.test(text) && text !== 't' && !/^[sn]\d+$/.test(text))
        yield { file: pathIn(unit, 'run'), line, what: 'multilog has no directory to write to', why: meant === undefined ? 'it reads the log and throws it away' : `it ignores ${meant.text}: a directory begins with a dot or a slash, ./${meant.text}` }
      }
    },
  },
  {
    id: 'multilog-late-option',
    severity: 'warning',
    *check(unit) {
      for (const { link, line } of multilogs(unit)) {
        const last = link.args.findLastIndex(({ text, isLiteral }) => !isLiteral || /^[./]/.test(text))
        const late = last === -1 ? undefined : link.args.slice(last + 1).find(({ text }) => /^([sn]\d+|!.*|[-+].*)$/.test(text))
        if (late !== undefined) yield { file: pathIn(unit, 'run'), line, what: `${late.text} stands behind the last directory`, why: 'it is for directories that come later: put it before' }
      }
    },
  },
  {
    id: 'log-directory-missing',
    severity: 'error',
    *check(unit) {
      for (const { path, line, account } of logDirectories(unit)) {
        const parent = path.slice(0, path.lastIndexOf('/')) || '/'
        const user = account === undefined ? undefined : unit.accounts.get(account)
        if (unit.paths.get(path) !== undefined || (account !== undefined && user === undefined)) continue
        const above = unit.paths.get(parent)
        const canMake = above !== undefined && (user === undefined || allows(above, user, 3))
        if (!canMake) yield { file: pathIn(unit, 'run'), line, what: `there is no ${path}`, why: above === undefined ? 'multilog makes no directories above it' : `${account} may not make it`, fix: `mkdir -p ${shellWord(parent)} && mkdir -m 0700 ${shellWord(path)}${account === undefined ? '' : ` && chown ${account}: ${shellWord(path)}`}` }
      }
    },
  },
  {
    id: 'log-directory-owner',
    severity: 'error',
    *check(unit) {
      for (const { path, line, account } of logDirectories(unit)) {
        const user = account === undefined ? undefined : unit.accounts.get(account)
        const directory = unit.paths.get(path)
        if (user === undefined || directory === undefined || allows(directory, user, 7)) continue
        yield { file: pathIn(unit, 'run'), line, what: `${account} may not write ${path}`, why: 'multilog will not start, and what the service says fills the pipe until it stops', fix: `chown -R ${account}: ${shellWord(path)} && chmod u+rwx ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'log-directory-open',
    severity: 'error',
    *check(unit) {
      for (const { path, line } of logDirectories(unit)) {
        const directory = unit.paths.get(path)
        if (directory !== undefined && (directory.mode & 0o002) !== 0) yield { file: pathIn(unit, 'run'), line, what: `everybody may write ${path}`, why: 'and so remove or forge what is in the log', fix: `chmod o-w ${shellWord(path)}` }
      }
    },
  },
  {
    id: 'log-of-a-log',
    severity: 'warning',
    *check(unit) {
      if (!unit.isLog || !unit.entries.has('log')) return
      yield { file: pathIn(unit, 'log'), what: 'the log has a log', why: 'nothing runs it: svscan looks for log/ in a service, not in its log' }
    },
  },
  {
    id: 'log-is-the-service',
    severity: 'error',
    *check(unit) {
      const { log } = unit
      const run = scriptOf(unit)
      const logRun = log === undefined ? undefined : scriptOf(log)
      const isSame = log !== undefined && (log.directory.identity === unit.directory.identity || (run !== undefined && logRun?.file.identity === run.file.identity))
      if (isSame) yield { file: pathIn(unit, 'log'), what: 'log/ is the service itself', why: 'the service would read what it writes, for ever' }
    },
  },
]

function* multilogs(unit: Unit): Generator<{ link: { args: readonly { text: string; isLiteral: boolean }[] }; line: number }> {
  const script = scriptOf(unit)
  for (const { chain, command, last } of script?.calls ?? []) if (chain.includes(last) && last.program === 'multilog') yield { link: last, line: command.line }
}
