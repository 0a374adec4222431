import * as fs from 'node:fs'
import { die } from '@daemontools-ts/command'
import { exitNow, feelFileSizeLimit, openFile } from '@daemontools-ts/unix'
import { perform } from './blocking.ts'
import { Fatal } from './fatal.ts'
import { Input } from './input.ts'
import { Log } from './log.ts'
import { parseScript } from './script.ts'
import { Signals } from './signals.ts'

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
  const log = begin(() => perform(Log.open(script)))
  const input = new Input(0)

  for (let reads = 1; ; reads++) {
    if (signals.takeAlarm()) log.turn()
    if (signals.terminated && input.atLineStart) break
    if (!input.ready) {
      await Promise.race([input.wait(), signals.next()])
      continue
    }
    const text = input.read(signals.terminated ? 1 : log.appetite)
    if (text === undefined) continue
    if (text.length === 0) break
    log.take(text)
    if (reads % readsInARow === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  log.finish()
  exitNow(0)
}

/** What cannot be had ends it. */
function begin(open: () => Log): Log {
  try {
    return open()
  } catch (error) {
    if (error instanceof Fatal) die('multilog', error.what, error.why)
    throw error
  }
}

/** The C program opens it to come back to. */
function checkStartingDirectory(): void {
  try {
    fs.closeSync(openFile('.', 'read'))
  } catch (error) {
    die('multilog', 'unable to switch to current directory', error)
  }
}
