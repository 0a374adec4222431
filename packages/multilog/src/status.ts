import * as fs from 'node:fs'
import { errnoOf, openFile } from '@daemontools-ts/unix'
import { Fatal } from './fatal.ts'
import { lineMemory } from './line.ts'
import { alone, pathFrom, type Surroundings } from './surroundings.ts'
import { pause, type Performer, type Task } from './task.ts'

const ESPIPE = 29
const newline = 0x0a
/** Every line is padded to this length with newlines, in bytes. */
const statusLength = lineMemory + 1

/** A file that holds the last line that was selected for it (`=`). */
export class StatusFile {
  readonly #path: string
  readonly #fd: number
  readonly #performer: Performer
  readonly #text = Buffer.alloc(statusLength, newline)
  /** A task is to write the text as it will be by then. */
  #waiting = false

  /** Makes the file if need be. What cannot be had is fatal. */
  constructor(path: string, surroundings: Surroundings = alone) {
    const file = pathFrom(surroundings, path)
    this.#path = path
    this.#performer = surroundings.performer
    try {
      fs.closeSync(openFile(file, 'append'))
    } catch (error) {
      throw new Fatal(`unable to create ${path}`, error)
    }
    try {
      this.#fd = openFile(file, 'write')
    } catch (error) {
      throw new Fatal(`unable to write ${path}`, error)
    }
  }

  write(bytes: Buffer, start: number, end: number): void {
    this.#text.fill(newline)
    bytes.copy(this.#text, 0, start, end)
    if (this.#waiting) return
    this.#waiting = true
    this.#performer.do(this.#writeText())
  }

  close(): void {
    fs.closeSync(this.#fd)
  }

  *#writeText(): Task<void> {
    for (;;) {
      let why: unknown
      try {
        if (fs.writeSync(this.#fd, this.#text, 0, statusLength, 0) === statusLength) break
      } catch (error) {
        why = error
      }
      // One call here, lseek and write in C.
      const unable = errnoOf(why) === ESPIPE ? 'move to beginning of' : 'write'
      yield* pause(`unable to ${unable} ${this.#path}, pausing`, why)
    }
    this.#waiting = false
  }
}
