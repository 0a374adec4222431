import * as fs from 'node:fs'
import { reason, say } from '@daemontools-ts/command'
import { labelAt } from '@daemontools-ts/tai64'
import {
  bytes,
  errnoOf,
  inDirectory,
  link,
  now,
  openFile,
  readDirectory,
  rename,
  statFile,
  SystemError,
  unlink,
} from '@daemontools-ts/unix'
import { Fatal } from './fatal.ts'
import type { End, Request, Steps } from './request.ts'
import { pause, type ProcessorFiles, run, type Task } from './task.ts'

const ENOENT = 2

/** Performs steps in a log directory, one system call each. Its files are open until a step closes them, or close(). */
export class Disk {
  readonly #directory: number
  readonly #say: (text: string) => void
  readonly #open = new Set<number>()
  /** C's errno: that of the last call that failed. readdir(3)'s caller sets it to 0. */
  #stale = 0

  /** @param directory The descriptor of the directory, which may be renamed. It is ours from now on. @param sayFor Says what a processor would. */
  constructor(directory: number, sayFor = say) {
    this.#directory = directory
    this.#say = sayFor
    this.#open.add(directory)
  }

  /** Closes everything. */
  close(): void {
    for (const fd of this.#open) fs.closeSync(fd)
    this.#open.clear()
  }

  /** Opens a file beside those of the steps, until close(). */
  hold(name: string, how: 'append'): number {
    const fd = openFile(this.#path(name), how)
    this.#open.add(fd)
    return fd
  }

  /** Performs all steps and returns their result. */
  *perform<Result>(steps: Steps<Result>): Task<Result> {
    let step = steps.next()
    while (step.done !== true) step = steps.next(yield* this.answer(step.value))
    return step.value
  }

  /** Performs one, as often as it takes. */
  *answer(request: Request): Task<unknown> {
    if (request.do === 'pause') {
      const errno = request.errno === 'stale' ? this.#stale : request.errno
      return yield* pause(request.warning, errno === undefined ? undefined : new SystemError('', errno))
    }
    for (;;) {
      try {
        return request.do === 'process' ? yield* this.#process(request.command) : this.#call(request)
      } catch (error) {
        const errno = errnoOf(error)
        if (errno === 0 || !('refused' in request)) throw error
        this.#stale = errno
        switch (request.refused) {
          case 'told':
            return errno
          case 'ignored':
            return undefined
          case 'fatal':
            throw new Fatal(request.unable, error)
          case 'pausing':
            yield* pause(`${request.unable}, pausing`, error)
        }
      }
    }
  }

  #call(request: Exclude<Request, { do: 'pause' | 'process' }>): unknown {
    switch (request.do) {
      case 'stat':
        return this.#stat(request.name)
      case 'open': {
        const fd = openFile(this.#path(request.name), request.how)
        this.#open.add(fd)
        return fd
      }
      case 'setMode':
        return fs.fchmodSync(request.fd, request.mode)
      case 'sync':
        return fs.fsyncSync(request.fd)
      case 'close':
        this.#open.delete(request.fd)
        return fs.closeSync(request.fd)
      case 'changeMode':
        return fs.chmodSync(bytes(this.#path(request.name)), request.mode)
      case 'rename':
        return rename(this.#path(request.from), this.#path(request.to))
      case 'link':
        link(this.#path(request.from), this.#path(request.to))
        return 0
      case 'unlink':
        unlink(this.#path(request.name))
        return 0
      case 'list':
        this.#stale = 0
        return readDirectory(this.#path('.'))
      case 'label':
        return labelAt(now())
    }
  }

  #stat(name: string): unknown {
    try {
      return statFile(this.#path(name))
    } catch (error) {
      if (errnoOf(error) !== ENOENT) throw error
      this.#stale = ENOENT
      return undefined
    }
  }

  *#process(command: string): Task<End> {
    const open: number[] = []
    const file = (name: string, how: 'read' | 'truncate'): number => {
      const fd = openFile(this.#path(name), how)
      open.push(fd)
      return fd
    }
    try {
      let files: ProcessorFiles
      try {
        files = { 0: file('previous', 'read'), 1: file('processed', 'truncate'), 4: file('state', 'read'), 5: file('newstate', 'truncate') }
      } catch (error) {
        // In C it is the child that opens them, and says so when it cannot.
        this.#say(`multilog: fatal: unable to run ${command}: ${reason(error)}`)
        return { code: 111 }
      }
      return yield* run({ command, directory: this.#directory, files })
    } finally {
      for (const fd of open) fs.closeSync(fd)
    }
  }

  #path(name: string): string {
    return inDirectory(this.#directory, name)
  }
}
