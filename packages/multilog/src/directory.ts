import * as fs from 'node:fs'
import { die } from '@daemontools-ts/command'
import { inDirectory, lockFile, makeDirectory, openFile, statFile } from '@daemontools-ts/unix'
import { Cyclog, type Outlet } from './cyclog.ts'
import { Disk, type RunProcessor } from './disk.ts'
import { pause } from './pause.ts'
import { recover } from './recover.ts'
import { pausing } from './request.ts'
import { rotate } from './rotate.ts'
import type { Directory } from './script.ts'

/** A log directory that is ours: locked, recovered, and open. */
export class LogDirectory implements Outlet {
  readonly log: Cyclog
  readonly #directory: Directory
  readonly #disk: Disk
  /** The descriptor of `current`. */
  #current: number

  /** Makes the directory if need be. What cannot be had is fatal. */
  constructor(directory: Directory, runProcessor: RunProcessor) {
    this.#directory = directory
    this.#disk = new Disk(claim(directory.path), runProcessor)
    const { fd, written } = this.#disk.perform(recover(directory))
    this.#current = fd
    this.log = new Cyclog(directory.size, written, this)
  }

  write(bytes: Buffer, start: number, end: number): number {
    for (;;) {
      let why: unknown
      try {
        const length = fs.writeSync(this.#current, bytes, start, end - start)
        if (length > 0) return length
      } catch (error) {
        why = error
      }
      pause(`unable to write to ${this.#directory.path}/current, pausing`, why)
    }
  }

  rotate(): void {
    this.#current = this.#disk.perform(rotate(this.#directory, this.#current))
  }

  /** Everything has been written: marks `current` as whole. */
  finish(): void {
    const { path } = this.#directory
    this.#disk.answer({ do: 'sync', fd: this.#current, ...pausing(`unable to write ${path}/current to disk`) })
    this.#disk.answer({ do: 'setMode', fd: this.#current, mode: 0o744, ...pausing(`unable to set mode of ${path}/current`) })
  }
}

/** Opens and locks a log directory. The lock is held as long as we live. */
function claim(path: string): number {
  try {
    makeDirectory(path, 0o700)
  } catch {
    // it exists, or opening it will tell
  }
  let fd: number
  try {
    fd = openFile(path, 'read')
    statFile(inDirectory(fd, '.')) // what fchdir(2) would refuse
  } catch (error) {
    die('multilog', `unable to open directory ${path}`, error)
  }
  try {
    lockFile(openFile(inDirectory(fd, 'lock'), 'append'))
  } catch (error) {
    die('multilog', `unable to lock directory ${path}`, error)
  }
  return fd
}
