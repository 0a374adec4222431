import * as fs from 'node:fs'
import { die } from '@daemontools-ts/command'
import { labelAt } from '@daemontools-ts/tai64'
import { exitNow, feelFileSizeLimit, now, openFile } from '@daemontools-ts/unix'
import { alert } from './alert.ts'
import { LogDirectory } from './directory.ts'
import { Input } from './input.ts'
import { Intake } from './intake.ts'
import { runProcessor } from './processor.ts'
import { parseScript } from './script.ts'
import { Selection } from './selection.ts'
import { Signals } from './signals.ts'
import { StatusFile } from './status.ts'

/** So many reads in a row, then signals are looked at. */
const readsInARow = 16

/**
 * Runs a script on standard input until it ends or SIGTERM comes, and exits.
 * @param args argv, byte strings, the program's name first.
 */
export async function multilog(args: readonly string[]): Promise<void> {
  process.umask(0o022)
  feelFileSizeLimit()
  const signals = new Signals()
  const script = parseScript(args.slice(1))
  checkStartingDirectory()
  const statusFiles = script.statusFiles.map((path) => new StatusFile(path))
  const directories = script.directories.map((directory) => new LogDirectory(directory, runProcessor))

  const logs = directories.map(({ log }) => log)
  const status = (file: number, ...line: [Buffer, number, number]): void => statusFiles[file]!.write(...line)
  const selection = new Selection(script.actions, logs, { alert, status })
  const intake = new Intake(selection, logs, script.timestamp ? () => labelAt(now()) : undefined)
  const input = new Input()

  for (let reads = 1; ; reads++) {
    if (signals.takeAlarm()) for (const log of logs) log.turn()
    if (signals.terminated && input.atLineStart) break
    if (!input.ready) {
      await Promise.race([input.wait(), signals.next()])
      continue
    }
    const text = input.read(signals.terminated ? 1 : intake.appetite)
    if (text === undefined) continue
    if (text.length === 0) break
    intake.take(text)
    if (reads % readsInARow === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  intake.finish()
  for (const directory of directories) directory.finish()
  exitNow(0)
}

/** The C program opens it to come back to. */
function checkStartingDirectory(): void {
  try {
    fs.closeSync(openFile('.', 'read'))
  } catch (error) {
    die('multilog', 'unable to switch to current directory', error)
  }
}
