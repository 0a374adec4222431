/** A folder of services under one of our supervisors: what they are made of, what they say, and what is said of them. */
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Test } from 'tap'
import { ours, theirs } from './implementation.ts'
import { endMarked } from './marked.ts'
import { isAlive, Process, run, type StartOptions } from './process.ts'
import { isSupervised, normalize, readRecord, readStatus, type Seen, writeControl } from './status.ts'
import { scratch } from './tree.ts'
import { until } from './until.ts'

/** The files of a service directory by their paths in it: their texts. Those of `programs` are made executable. */
export type Files = Readonly<Record<string, string>>

const programs = ['run', 'finish', 'check', 'log/run', 'log/finish']

/** supervise/state.json, read without any of the code under test: docs/protocol.md. */
export interface StateRecord {
  state: 'down' | 'up' | 'finishing' | 'left'
  pid: number
  want: string
  failed: boolean
  ready: string | null
  restarts: number
  lastExit: { code?: number; signal?: string; unknown?: boolean; at: string } | null
  nextStart: string | null
  delay: number
  since: string
  monotonic: { started: number; notBefore: number; killAt: number | null }
}

export interface SiteOptions {
  /** Commands to be executed before the supervisor, with their arguments. */
  wrap?: readonly string[]
  /** What is to be done before it is started. */
  prepare?: (site: Site) => void
  /** The service folder, if it is not to be made: as this process sees it. */
  folder?: string
  /** Where the supervisor works; default: there. */
  directory?: string
  /** The services are made in this folder, and linked. */
  elsewhere?: string
}

export class Site {
  readonly t: Test
  readonly folder: string
  readonly kind: 'supervise' | 'svscan'
  readonly #start: StartOptions
  readonly #options: SiteOptions
  supervisor: Process

  /**
   * Makes the services and starts what supervises them.
   * @param kind A lone supervise, of the service `sv`, or svscan.
   */
  constructor(t: Test, kind: 'supervise' | 'svscan', services: Readonly<Record<string, Files>>, options: SiteOptions = {}) {
    this.t = t
    this.kind = kind
    this.#options = options
    this.folder = options.folder ?? scratch(t)
    this.#start = { cwd: options.directory ?? this.folder, env: { PATH: `${ours.folder}:/usr/bin:/bin`, ...endMarked(t, this.folder) } }
    for (const [name, files] of Object.entries(services)) this.make(name, files)
    options.prepare?.(this)
    this.supervisor = this.start()
  }

  make(name: string, files: Files): void {
    const { elsewhere } = this.#options
    if (elsewhere !== undefined) {
      fs.mkdirSync(join(elsewhere, name), { recursive: true })
      fs.symlinkSync(join(relative(this.folder, elsewhere), name), this.path(name))
    }
    for (const [path, text] of Object.entries(files)) this.put(name, path, text)
  }

  /** Makes or replaces a file of a service, as one step. */
  put(name: string, path: string, text: string): void {
    const file = this.path(name, path)
    fs.mkdirSync(dirname(file), { recursive: true })
    fs.writeFileSync(`${file}.new`, text, { mode: programs.includes(path) ? 0o755 : 0o644 })
    fs.renameSync(`${file}.new`, file)
  }

  start(): Process {
    const [program, ...args] = [...(this.#options.wrap ?? []), join(ours.folder, this.kind), ...(this.kind === 'supervise' ? ['sv'] : [])]
    return (this.supervisor = new Process(this.t, program!, args, this.#start))
  }

  /** Kills the supervisor, waits for its end, and leaves the rest alone. */
  async killSupervisor(): Promise<void> {
    this.supervisor.signal('SIGKILL')
    await this.supervisor.exited
  }

  /** Ends everything in order: svscan, or a lone supervise and its service. */
  async stopSupervisor(): Promise<void> {
    this.supervisor.signal('SIGTERM')
    await this.supervisor.exited
  }

  path(name: string, ...path: string[]): string {
    return join(this.folder, name, ...path)
  }

  status(name = 'sv'): Seen | undefined {
    return readStatus(this.path(name))
  }

  record(name = 'sv'): StateRecord | undefined {
    return readRecord<StateRecord>(this.path(name))
  }

  /** Waits for a record that is as described, and returns it. */
  async recorded(what: string, holds: (record: StateRecord) => boolean, name = 'sv'): Promise<StateRecord> {
    const find = (): StateRecord | false => {
      const record = this.record(name)
      return record !== undefined && holds(record) && record
    }
    return until(`${name}: ${what}`, find, () => `${JSON.stringify(this.record(name))} ${this.supervisor.stderr}`)
  }

  /** Waits until it is up, as another process than `before`, and returns its pid. */
  async up(name = 'sv', before = 0): Promise<number> {
    const { pid } = await this.recorded(`up, not as ${before}`, ({ state, pid }) => state === 'up' && pid !== before && isAlive(pid) && this.status(name)?.pid === pid && isSupervised(this.path(name)), name)
    return pid
  }

  /** Letters into supervise/control. */
  send(letters: string, name = 'sv'): void {
    writeControl(this.path(name), letters)
  }

  /** The lines of a file of a service; none if there is no such file. */
  lines(path: string, name = 'sv'): string[] {
    const file = this.path(name, path)
    return fs.existsSync(file) ? fs.readFileSync(file, 'latin1').split('\n').slice(0, -1) : []
  }

  async written(path: string, ...lines: string[]): Promise<void> {
    await until(`${path} has ${lines.join(', ')}`, () => lines.every((line) => this.lines(path).includes(line)), () => `${this.lines(path).join(' ')} ${this.supervisor.stderr}`)
  }

  /** Both svstats' sentences of a service, without what differs from run to run. */
  async svstat(name = 'sv'): Promise<{ ours: string; theirs: string }> {
    // the status is written behind the record
    await until('the status says since when', () => this.record(name)?.since === `@${readStatus(this.path(name))?.label}`)
    const ask = async (folder: string): Promise<string> => normalize((await run(this.t, `${folder}/svstat`, [name], { cwd: this.folder })).stdout).trimEnd()
    const [o, c] = await Promise.all([ask(ours.folder), ask(theirs.folder)])
    return { ours: o!.replace(`${name}: `, ''), theirs: c!.replace(`${name}: `, '') }
  }

  /** What the supervisor has said, line by line. */
  get said(): string[] {
    return this.supervisor.stderr.split('\n').slice(0, -1)
  }
}
