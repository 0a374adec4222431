import { labelAt } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import { alert } from './alert.ts'
import { LogDirectory } from './directory.ts'
import { Intake } from './intake.ts'
import type { Script } from './script.ts'
import { Selection } from './selection.ts'
import { StatusFile } from './status.ts'
import { alone, type Surroundings } from './surroundings.ts'
import type { Task } from './task.ts'

/** A script at work: what one multilog does with what it reads. */
export class Log {
  readonly #statusFiles: StatusFile[] = []
  readonly #directories: LogDirectory[] = []
  #intake: Intake | undefined

  /** Opens all that the script names. What cannot be had is fatal; then, or if it is not resumed, nothing stays open. */
  static *open(script: Script, surroundings: Surroundings = alone): Task<Log> {
    const log = new Log()
    let opened = false
    try {
      for (const path of script.statusFiles) log.#statusFiles.push(new StatusFile(path, surroundings))
      for (const directory of script.directories) log.#directories.push(yield* LogDirectory.open(directory, surroundings))
      log.#begin(script, surroundings)
      opened = true
      return log
    } finally {
      if (!opened) log.close()
    }
  }

  /** How many bytes to read next. */
  get appetite(): number {
    return this.#intake!.appetite
  }

  /** Takes what one read returned. What can be written without waiting is, when this returns. */
  take(input: Buffer): void {
    this.#intake!.take(input)
  }

  /** ALRM. Between two reads. */
  turn(): void {
    for (const { log } of this.#directories) log.turn()
  }

  /** There will be no more input. */
  finish(): void {
    this.#intake!.finish()
    for (const directory of this.#directories) directory.finish()
  }

  /** Gives everything up as it is. */
  close(): void {
    for (const one of [...this.#statusFiles.splice(0), ...this.#directories.splice(0)]) one.close()
  }

  #begin(script: Script, surroundings: Surroundings): void {
    const logs = this.#directories.map(({ log }) => log)
    const selection = new Selection(script.actions, logs, {
      alert: (...line) => surroundings.say(alert(...line)),
      status: (file, ...line) => this.#statusFiles[file]!.write(...line),
    })
    this.#intake = new Intake(selection, logs, script.timestamp ? () => labelAt(now()) : undefined)
  }
}
