/** Asks a person at the terminal. */
import * as readline from 'node:readline'
import { Writable } from 'node:stream'
import * as tty from 'node:tty'
import { Failure, outcome } from './outcome.ts'

/** Whether there is a person to ask. */
export function canAsk(): boolean {
  return tty.isatty(0) && tty.isatty(2)
}

/** One line, a byte string. @param hidden What is typed is not shown. Throws Failure if the person goes away. */
export function ask(question: string, hidden = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    process.stderr.write(question)
    const terminal = readline.createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true, historySize: 0 })
    let answered = false
    // the prompt is readline's as well, or it would overwrite ours when it draws the line anew
    if (!hidden) terminal.setPrompt(question)
    terminal.once('line', (line) => {
      answered = true
      terminal.close()
      if (hidden) process.stderr.write('\n')
      resolve(Buffer.from(line).toString('latin1'))
    })
    terminal.once('SIGINT', () => terminal.close())
    terminal.once('close', () => {
      if (!answered) reject(new Failure('nothing was answered; nothing was done', { code: outcome.misuse }))
    })
  })
}
