import * as fs from 'node:fs'
import { die, reason, say } from '@daemontools-ts/command'
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
import { pause } from './pause.ts'
import type { End, Request, Steps } from './request.ts'

const ENOENT = 2

/** The descriptors that a processor starts with, by number. */
export interface ProcessorFiles {
  0: number
  1: number
  4: number
  5: number
}

/** Runs a command for /bin/sh in an open directory, and waits for its end. Throws when the system cannot. */
export type RunProcessor = (command: string, directory: number, files: ProcessorFiles) => End

/** Performs steps in a log directory, one system call each. */
export class Disk {
  readonly #directory: number
  readonly #runProcessor: RunProcessor
  readonly #pause: typeof pause
  /** C's errno: that of the last call that failed. readdir(3)'s caller sets it to 0. */
  #stale = 0

  /** @param directory The descriptor of the directory, which may be renamed. */
  constructor(directory: number, runProcessor: RunProcessor, pauseFor = pause) {
    this.#directory = directory
    this.#runProcessor = runProcessor
    this.#pause = pauseFor
  }

  /** Performs all steps and returns their result. */
  perform<Result>(steps: Steps<Result>): Result {
    let step = steps.next()
    while (step.done !== true) step = steps.next(this.answer(step.value))
    return step.value
  }

  /** Performs one, as often as it takes. */
  answer(request: Request): unknown {
    if (request.do === 'pause') {
      const errno = request.errno === 'stale' ? this.#stale : request.errno
      return this.#pause(request.warning, errno === undefined ? undefined : new SystemError('', errno))
    }
    for (;;) {
      try {
        return this.#call(request)
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
            die('multilog', request.unable, error)
          case 'pausing':
            this.#pause(`${request.unable}, pausing`, error)
        }
      }
    }
  }

  #call(request: Exclude<Request, { do: 'pause' }>): unknown {
    switch (request.do) {
      case 'stat':
        return this.#stat(request.name)
      case 'open':
        return openFile(this.#path(request.name), request.how)
      case 'setMode':
        return fs.fchmodSync(request.fd, request.mode)
      case 'sync':
        return fs.fsyncSync(request.fd)
      case 'close':
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
      case 'process':
        return this.#process(request.command)
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

  #process(command: string): End {
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
        say(`multilog: fatal: unable to run ${command}: ${reason(error)}`)
        return { code: 111 }
      }
      return this.#runProcessor(command, this.#directory, files)
    } finally {
      for (const fd of open) fs.closeSync(fd)
    }
  }

  #path(name: string): string {
    return inDirectory(this.#directory, name)
  }
}
