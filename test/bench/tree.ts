/** A folder of services under the supervisor of one peer. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Found } from '../campaign/census.ts'
import { kill } from '../support/process.ts'
import { readLink, readText } from '../support/procfs.ts'
import { until } from '../support/until.ts'
import { census, endAll } from './end.ts'
import type { Peer } from './peer.ts'
import { now, Stamps } from './stamps.ts'

export class Tree {
  readonly peer: Peer
  readonly folder: string
  /** What the supervisor looks at: links. */
  readonly links: string
  readonly stamps: Stamps
  readonly #program: string
  /** Of all services that were made. */
  readonly names: string[] = []
  /** Where loggers find the process that writes for them all, if they are to share it. */
  #shared: string | undefined
  #top: ChildProcess | undefined

  /** @param folder Not there yet. @param program Of a service. */
  constructor(peer: Peer, folder: string, program: string) {
    this.peer = peer
    this.folder = folder
    this.links = join(folder, 'service')
    this.#program = program
    fs.mkdirSync(this.links, { recursive: true })
    fs.mkdirSync(join(folder, 'sv'))
    this.stamps = new Stamps(join(folder, 'stamps'))
  }

  dir(name: string): string {
    return join(this.folder, 'sv', name)
  }

  /** The place of the logger's `current`. */
  logFolder(name: string): string {
    return join(this.dir(name), 'log', 'main')
  }

  /** Makes a service directory, which is not linked yet. */
  make(name: string, { hasLogger = false } = {}): void {
    fs.mkdirSync(this.dir(name))
    fs.symlinkSync(this.#program, join(this.dir(name), 'run'))
    this.names.push(name)
    if (!hasLogger) return
    fs.mkdirSync(this.logFolder(name), { recursive: true })
    const words = this.peer.logger({ size: 99999, stamped: true }, this.logFolder(name))
    fs.writeFileSync(join(this.dir(name), 'log', 'run'), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')}\n`, { mode: 0o755 })
  }

  /** As the program `ln -s` does. @returns the moment before. */
  link(name: string): number {
    const begin = now()
    fs.symlinkSync(this.dir(name), join(this.links, name))
    this.peer.rescan?.(this.links)
    return begin
  }

  /** Makes services s1, s2, … and links them, before the start. */
  fill(count: number, options: { hasLogger?: boolean } = {}): void {
    for (let number = 1; number <= count; number++) {
      const name = `s${number}`
      this.make(name, options)
      fs.symlinkSync(this.dir(name), join(this.links, name))
    }
  }

  /** From now on loggers are to share one process, which is a service too. */
  share(): void {
    const shared = join(this.folder, 'shared')
    const words = this.peer.sharedLogger?.(shared)
    if (words === undefined) return
    fs.mkdirSync(shared, { mode: 0o700 })
    const dir = this.dir('shared-logger')
    fs.mkdirSync(dir)
    fs.writeFileSync(join(dir, 'run'), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')}\n`, { mode: 0o755 })
    fs.symlinkSync(dir, join(this.links, 'shared-logger'))
    this.#shared = shared
  }

  /** @param most Services that there will be. @returns the moment before. */
  start(most = this.names.length): number {
    const [program, ...args] = this.peer.supervise(this.links, most)
    const stderr = fs.openSync(join(this.folder, 'stderr'), 'a')
    const begin = now()
    this.#top = spawn(program!, args, { cwd: this.links, env: { PATH: this.peer.path, STAMPS: this.stamps.file, ...(this.#shared !== undefined && { MULTILOG_SHARED: this.#shared }) }, detached: true, stdio: ['ignore', 'ignore', stderr] })
    this.#top.on('error', () => undefined) // seen by nothing starting
    fs.closeSync(stderr)
    return begin
  }

  /** The process of a service: known by its name, started by whom it may. */
  pidOf(name: string): number {
    const found = this.processes().find(({ pid }) => this.#isService(pid) && readLink(`/proc/${pid}/cwd`) === this.dir(name))
    if (found === undefined) throw new Error(`${name}: it is not running`)
    return found.pid
  }

  processes(): Found[] {
    return census(this.folder, this.peer.supervisors).filter(({ state }) => state !== 'Z')
  }

  /** All but the services: the supervisor, what it needs beside it, loggers. */
  overhead(): number[] {
    return this.processes().map(({ pid }) => pid).filter((pid) => !this.#isService(pid))
  }

  #isService(pid: number): boolean {
    return readLink(`/proc/${pid}/exe`) === this.#program
  }

  async end(): Promise<void> {
    const top = this.#top
    if (top?.pid !== undefined) kill(top.pid)
    await endAll(this.folder, this.peer.supervisors)
    await until('the supervisor is dead', () => top === undefined || top.exitCode !== null || top.signalCode !== null || top.pid === undefined)
    // Away it goes when all is measured: ext4 without a journal does not use the places of files that were removed in the last minutes, and looks for
    // others one by one, which takes whoever comes next several times as long.
    const ended = join(this.folder, '../../ended')
    fs.mkdirSync(ended, { recursive: true })
    fs.renameSync(this.folder, fs.mkdtempSync(join(ended, 'tree-')))
  }
}

/** Proportional set size, of several processes together. */
export function pssBytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss: +(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024
}
