import * as fs from 'node:fs'
import { inDirectory, lockFile, makeDirectory, openFile, statFile } from '@daemontools-ts/unix'
import { Cyclog, type Outlet } from './cyclog.ts'
import { Disk } from './disk.ts'
import { Fatal } from './fatal.ts'
import { recover } from './recover.ts'
import { pausing } from './request.ts'
import { rotate } from './rotate.ts'
import type { Directory } from './script.ts'
import { alone, pathFrom, type Surroundings } from './surroundings.ts'
import { pause, type Performer, type Task } from './task.ts'

/** A log directory that is ours: locked, recovered, and open. */
export class LogDirectory implements Outlet {
  readonly log: Cyclog
  readonly #directory: Directory
  readonly #disk: Disk
  readonly #performer: Performer
  /** The descriptor of `current`. */
  #current: number

  /** Makes the directory if need be. What cannot be had is fatal. */
  static *open(directory: Directory, surroundings: Surroundings = alone): Task<LogDirectory> {
    const disk = claim(directory.path, surroundings)
    let opened: LogDirectory | undefined
    try {
      const { fd, written } = yield* disk.perform(recover(directory))
      return (opened = new LogDirectory(directory, disk, surroundings.performer, fd, written))
    } finally {
      if (opened === undefined) disk.close()
    }
  }

  private constructor(directory: Directory, disk: Disk, performer: Performer, current: number, written: number) {
    this.#directory = directory
    this.#disk = disk
    this.#performer = performer
    this.#current = current
    this.log = new Cyclog(directory.size, written, this)
  }

  write(bytes: Buffer, start: number, end: number): number {
    if (this.#performer.idle) {
      try {
        const length = fs.writeSync(this.#current, bytes, start, end - start)
        if (length > 0) return length
      } catch {
        // the same again will tell
      }
    }
    // It may have to wait, while the bytes become others.
    this.#performer.do(this.#writeAll(Buffer.from(bytes.subarray(start, end))))
    return end - start
  }

  rotate(): void {
    this.#performer.do(this.#turn())
  }

  /** Everything has been written: marks `current` as whole. */
  finish(): void {
    this.#performer.do(this.#seal())
  }

  /** Gives everything up, the lock at last. What `current` is marked as stays. */
  close(): void {
    this.#disk.close()
  }

  *#writeAll(bytes: Buffer): Task<void> {
    for (let at = 0; at < bytes.length; ) {
      let why: unknown
      try {
        const length = fs.writeSync(this.#current, bytes, at)
        at += length
        if (length > 0) continue
      } catch (error) {
        why = error
      }
      yield* pause(`unable to write to ${this.#directory.path}/current, pausing`, why)
    }
  }

  *#turn(): Task<void> {
    this.#current = yield* this.#disk.perform(rotate(this.#directory, this.#current))
  }

  *#seal(): Task<void> {
    const { path } = this.#directory
    yield* this.#disk.answer({ do: 'sync', fd: this.#current, ...pausing(`unable to write ${path}/current to disk`) })
    yield* this.#disk.answer({ do: 'setMode', fd: this.#current, mode: 0o744, ...pausing(`unable to set mode of ${path}/current`) })
  }
}

/** Opens and locks a log directory. The lock is held until the disk is closed. */
function claim(named: string, surroundings: Surroundings): Disk {
  const path = pathFrom(surroundings, named)
  try {
    makeDirectory(path, 0o700)
  } catch {
    // it exists, or opening it will tell
  }
  let disk: Disk | undefined
  try {
    const fd = openFile(path, 'read')
    disk = new Disk(fd, surroundings.say)
    statFile(inDirectory(fd, '.')) // what fchdir(2) would refuse
  } catch (error) {
    disk?.close()
    throw new Fatal(`unable to open directory ${named}`, error)
  }
  try {
    lockFile(disk.hold('lock', 'append'))
  } catch (error) {
    disk.close()
    throw new Fatal(`unable to lock directory ${named}`, error)
  }
  return disk
}
