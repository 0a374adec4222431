import * as fs from 'node:fs'
import { die } from '@daemontools-ts/command'
import { errnoOf, openFile } from '@daemontools-ts/unix'
import { lineMemory } from './line.ts'
import { pause } from './pause.ts'

const ESPIPE = 29
const newline = 0x0a
/** Every line is padded to this length with newlines, in bytes. */
const statusLength = lineMemory + 1

/** A file that holds the last line that was selected for it (`=`). */
export class StatusFile {
  readonly #path: string
  readonly #fd: number
  readonly #text = Buffer.alloc(statusLength, newline)

  /** Makes the file if need be. What cannot be had is fatal. */
  constructor(path: string) {
    this.#path = path
    try {
      fs.closeSync(openFile(path, 'append'))
    } catch (error) {
      die('multilog', `unable to create ${path}`, error)
    }
    try {
      this.#fd = openFile(path, 'write')
    } catch (error) {
      die('multilog', `unable to write ${path}`, error)
    }
  }

  write(bytes: Buffer, start: number, end: number): void {
    this.#text.fill(newline)
    bytes.copy(this.#text, 0, start, end)
    for (;;) {
      let why: unknown
      try {
        if (fs.writeSync(this.#fd, this.#text, 0, statusLength, 0) === statusLength) return
      } catch (error) {
        why = error
      }
      // One call here, lseek and write in C.
      const unable = errnoOf(why) === ESPIPE ? 'move to beginning of' : 'write'
      pause(`unable to ${unable} ${this.#path}, pausing`, why)
    }
  }
}
