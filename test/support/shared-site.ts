/** A service folder whose loggers share a multilogd, under a real svscan; and multilogs without one. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { compile } from './compile.ts'
import { ours } from './implementation.ts'
import { openFiles } from './keeper.ts'
import { Process } from './process.ts'
import { readLink, readText } from './procfs.ts'
import { readStatus } from './status.ts'
import { makeService, scratch } from './tree.ts'
import { until } from './until.ts'

export interface SharedOptions {
  /** The loggers and multilogd run as this account; root only. */
  account?: string
  lineLength?: number
  microseconds?: number
  /** Of multilog, before the directory. */
  script?: string
}

/** Services s1, s2, … that write lines, each with a logger, and the service multilogd. */
export class SharedSite {
  readonly folder: string
  readonly names: string[]
  readonly svscan: Process
  readonly #scene: string

  constructor(t: Test, count: number, { account, lineLength = 60, microseconds = 4000, script = 's20000 n100000' }: SharedOptions = {}) {
    this.#scene = scratch(t)
    this.folder = join(this.#scene, 'service')
    this.names = Array.from({ length: count }, (_, index) => `s${index + 1}`)
    const program = compile(this.#scene, 'write-lines')
    const become = account === undefined ? '' : `${ours.folder}/setuidgid ${account} `
    for (const folder of ['log', 'shared']) {
      const path = join(this.#scene, folder)
      fs.mkdirSync(path, { mode: 0o700 })
      if (account !== undefined) execFileSync('chown', [account, path])
    }
    for (const name of this.names) {
      makeService(this.folder, name, {
        run: `#!/bin/sh\nexec ${program} ${this.#scene}/${name}.count ${name} ${lineLength} ${microseconds}\n`,
        log: `#!/bin/sh\nexec ${become}${ours.folder}/multilog ${script} ${this.#scene}/log/${name}\n`,
      })
    }
    const multilogd = makeService(this.folder, 'multilogd', { run: `#!/bin/sh\nexec ${become}${ours.folder}/multilogd ${this.#scene}/shared\n` })
    fs.writeFileSync(join(multilogd, 'last'), '')
    this.svscan = new Process(t, `${ours.folder}/svscan`, [this.folder], { env: { ...process.env, MULTILOG_SHARED: join(this.#scene, 'shared') } })
  }

  dir(name: string): string {
    return join(this.folder, name)
  }

  logFolder(name: string): string {
    return join(this.#scene, 'log', name)
  }

  /** 0: it is down. */
  pidOf(name: string): number {
    return readStatus(this.dir(name))?.pid ?? 0
  }

  /** Waits until every log is written by multilogd. */
  async shared(): Promise<void> {
    await until('all logs are shared', () => this.names.every((name) => this.isShared(name)), () => this.names.filter((name) => !this.isShared(name)).join() + this.svscan.stderr.slice(-300))
  }

  /** The logger is a stand-in, and multilogd has its `current` open. */
  isShared(name: string): boolean {
    const isStandIn = /\/command\/multilog$/.test(readLink(`/proc/${this.pidOf(`${name}/log`)}/exe`))
    return isStandIn && [...openFiles(this.pidOf('multilogd')).values()].includes(join(this.logFolder(name), 'current'))
  }

  /** What the log holds, in order. */
  log(name: string): string {
    const folder = this.logFolder(name)
    const old = fs.readdirSync(folder).filter((file) => file.startsWith('@')).sort()
    return [...old, 'current'].map((file) => readText(join(folder, file))).join('')
  }

  /** The lines that were written for certain, and those that may have been: the last of each run, if it was killed. */
  written(name: string): { run: number; count: number }[] {
    const words = fs.readFileSync(join(this.#scene, `${name}.count`))
    const runs = words.readUInt32LE(0)
    return Array.from({ length: runs }, (_, index) => ({ run: index + 1, count: words.readUInt32LE(16 + index * 8 + 4) }))
  }

  /** How many of the lines are in the log, and what is wrong with it: empty if every one is there, once, in order. */
  check(name: string): { missing: number; wrong: string } {
    const lines = this.log(name).split('\n')
    if (lines.pop() !== '') return { missing: 0, wrong: `${name}: the last line has no end` }
    let [run, last, missing] = [0, 0, 0]
    const written = this.written(name)
    for (const line of lines) {
      const [, owner, ...numbers] = /^<(\w+) (\d+) (\d+) \.*>$/.exec(line) ?? []
      const [itsRun, number] = numbers.map(Number)
      if (owner !== name || number === undefined || itsRun! < run || (itsRun === run && number <= last)) return { missing, wrong: `${name}: after ${run} ${last}: ${line}` }
      if (itsRun !== run) {
        for (; run < itsRun!; run++, last = 0) missing += run === 0 ? 0 : Math.max(0, written[run - 1]!.count - last)
      }
      missing += number - last - 1
      last = number
    }
    for (; run <= written.length && run > 0; run++, last = 0) missing += Math.max(0, written[run - 1]!.count - last)
    return { missing, wrong: '' }
  }
}
