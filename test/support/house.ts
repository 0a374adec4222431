import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Implementation, ours } from './implementation.ts'
import { isAlive, Process, type StartOptions } from './process.ts'
import { isSupervised, readStatus } from './status.ts'
import { makeService, scratch, type Service } from './tree.ts'
import { until } from './until.ts'

export const forever = '#!/bin/sh\nexec sleep 100000\n'
/** A logger that keeps each line, and ends at the end of its input only. */
export const keepLines = '#!/bin/sh\nexec cat >>lines\n'

/** A service folder with links, as /service is, the directories themselves elsewhere. */
export class House {
  readonly t: Test
  readonly folder: string
  readonly elsewhere: string
  /** The one that was started last. */
  svscan!: Process

  /** @param start Whether svscan is started at once. */
  constructor(t: Test, implementation: Implementation = ours, prepare: (house: House) => void = () => undefined, start = true) {
    this.t = t
    this.folder = join(scratch(t), 'service')
    this.elsewhere = join(this.folder, '../var')
    fs.mkdirSync(this.folder)
    prepare(this)
    if (start) this.start(implementation)
  }

  /** @param args Before the folder. */
  start({ folder }: Implementation = ours, args: readonly string[] = [], options: StartOptions = {}): Process {
    return (this.svscan = new Process(this.t, `${folder}/svscan`, [...args, this.folder], { env: { PATH: `${folder}:/usr/bin:/bin` }, ...options }))
  }

  /** Ends svscan with -9: what it supervises runs on. */
  async crash(): Promise<void> {
    this.svscan.signal('SIGKILL')
    await this.svscan.exited
  }

  make(name: string, service: Service): string {
    return makeService(this.elsewhere, name, service)
  }

  link(name: string, target = name): void {
    fs.symlinkSync(join(this.elsewhere, target), this.dir(name))
  }

  dir(name: string): string {
    return join(this.folder, name)
  }

  isUp(name: string): boolean {
    const { pid = 0 } = readStatus(this.dir(name)) ?? {}
    return pid !== 0 && isAlive(pid) && isSupervised(this.dir(name))
  }

  async up(...names: string[]): Promise<number[]> {
    await until(`${names.slice(0, 3).join(', ')} up`, () => names.every((name) => this.isUp(name)), () => `down: ${names.filter((name) => !this.isUp(name)).slice(0, 5).join(' ')}; svscan says ${this.svscan.stderr.slice(-1000)}`)
    return names.map((name) => readStatus(this.dir(name))!.pid)
  }

  async listening(): Promise<void> {
    await until('svscan is at work', () => this.isUp('first'))
  }

  /** Waits until somebody supervises all of these. */
  async supervised(...names: string[]): Promise<void> {
    await until(`${names.slice(0, 3).join(', ')} supervised`, () => names.every((name) => isSupervised(this.dir(name))), () => this.svscan.stderr)
  }

  /** The lines of a file in what the links lead to. */
  lines(path: string): string[] {
    const file = join(this.elsewhere, path)
    return fs.existsSync(file) ? fs.readFileSync(file, 'latin1').split('\n').slice(0, -1) : []
  }
}

