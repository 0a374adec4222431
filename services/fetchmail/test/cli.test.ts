import t from 'tap'
import { runCommandLine } from '../src/cli.ts'
import { Failure } from '../src/outcome.ts'

t.test('runCommandLine refuses what it does not know, in one sentence, exit 100', async (t) => {
  const cases: [string[], RegExp][] = [
    [[], /^a command is missing$/],
    [['doctr'], /^unknown command: doctr$/],
    [['doctor', 'more'], /^unknown command: more$/],
    [['doctor', '--forc'], /^unknown argument: forc$/],
    [['status', '--timeout', '5'], /^unknown argument: timeout$/],
    [['poll', '--timeout', '5s'], /^--timeout is a whole number of seconds, not 5s$/],
    [['poll', '--timeout', '0'], /^--timeout is a whole number/],
    [['install', '--template', 'pop2'], /^invalid values: .*"apop", "pop3s", "pop3s-keep", "imap-idle", "maildir"$/],
    [['install', '--root'], /^not enough arguments following: root$/],
    [['install', '--password', 'woolybooly'], /^unknown argument: password$/],
    [['status', '--root', ''], /^--root needs a directory$/],
    [['status', '--instance', '../x'], /^--instance is part of a file's name/],
  ]
  for (const [words, message] of cases) {
    const error = await runCommandLine(words).then(() => undefined, (error: unknown) => error)
    t.ok(error instanceof Failure, words.join(' '))
    t.match(error, { message, code: 100 }, words.join(' '))
    t.notMatch((error as Failure).message, /\n/)
  }
})
