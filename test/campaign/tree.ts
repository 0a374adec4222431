/** A folder of services under one supervisor, which a campaign may hurt. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isAlive, isSame, kill } from '../support/process.ts'
import { until } from '../support/until.ts'
import { Census, type Found } from './census.ts'
import type { Peer } from './peer.ts'
import { Service, type ServicePlace, type Unit } from './service.ts'
import { SmallDisk } from './smalldisk.ts'

export interface TreeOptions {
  services: number
  intervalMicroseconds: number
  /** The compiled fixtures. */
  tools: string
  /** Whether the services and logs lie on a small disk, which can be filled: for that we must be in a mount namespace of our own. */
  hasSmallDisk: boolean
}

/** All that live, for when this process has to leave. */
const trees = new Set<Tree>()
process.once('exit', () => trees.forEach((tree) => tree.endSync()))

export class Tree {
  readonly peer: Peer
  readonly folder: string
  /** What the supervisor looks at: links. */
  readonly links: string
  readonly services: readonly Service[]
  /** Ready to be linked. */
  readonly extra: Service
  readonly disk: SmallDisk
  readonly stderrFile: string
  readonly #census: Census
  #top: ChildProcess | undefined

  /** Makes a tree; nothing runs yet. @param folder Not there yet. */
  constructor(peer: Peer, folder: string, { services, intervalMicroseconds, tools, hasSmallDisk }: TreeOptions) {
    this.peer = peer
    this.folder = folder
    this.links = join(folder, 'service')
    this.stderrFile = join(folder, 'stderr')
    for (const name of ['service', 'space', 'notes']) fs.mkdirSync(join(folder, name), { recursive: true })
    fs.writeFileSync(this.stderrFile, '')
    this.disk = new SmallDisk(join(folder, 'space'), hasSmallDisk)
    const place: ServicePlace = { space: join(folder, 'space'), notes: join(folder, 'notes'), tools, intervalMicroseconds }
    // Lines of many lengths: from some the loggers' reads are many, from others the full disk is felt at once.
    const lengthOf = (index: number): number => 40 + ((index * 53) % 360)
    this.services = Array.from({ length: services }, (_, index) => new Service(`s${String(index + 1).padStart(2, '0')}`, lengthOf(index), peer, place))
    this.extra = new Service('extra', 60, peer, place)
    for (const service of this.services) this.link(service)
    const units = new Map<string, { role: 'main' | 'log'; unit: string }>()
    for (const { main, log, marks } of [...this.services, this.extra]) {
      for (const { role, name } of [main, log]) units.set(marks[role], { role, unit: name })
    }
    this.#census = new Census({ folder, units, supervisors: peer.supervisors })
    trees.add(this)
  }

  get units(): readonly Unit[] {
    return this.services.flatMap(({ units }) => units)
  }

  link({ name, dir }: Service): void {
    fs.symlinkSync(dir, join(this.links, name))
  }

  unlink({ name }: Service): void {
    fs.unlinkSync(join(this.links, name))
  }

  /** Starts the supervisor as init would. */
  start(): void {
    const [program, ...args] = this.peer.command(this.links)
    const stderr = fs.openSync(this.stderrFile, 'a')
    this.#top = spawn(program!, args, { cwd: this.links, env: { PATH: this.peer.path, CAMPAIGN: this.folder }, detached: true, stdio: ['ignore', 'ignore', stderr] })
    fs.closeSync(stderr)
  }

  /** The topmost supervisor. */
  get top(): number {
    return this.#top!.pid!
  }

  /** Its exit code, its signal, or undefined while it runs. */
  get topEnd(): number | string | undefined {
    return this.#top!.exitCode ?? this.#top!.signalCode ?? undefined
  }

  census(): Found[] {
    return this.#census.take(this.topEnd === undefined ? this.top : undefined)
  }

  /** Kills the supervisor, from the top. @param all Not only the topmost process. */
  async killSupervisor(all = true): Promise<void> {
    const supervisors = this.census().filter(({ role, pid }) => pid === this.top || (all && role === 'supervisor'))
    supervisors.sort((a, b) => Number(b.pid === this.top) - Number(a.pid === this.top))
    for (const supervisor of supervisors) if (isSame(supervisor)) kill(supervisor.pid)
    await until('the supervisor is dead', () => this.topEnd !== undefined && !supervisors.some(isSame))
  }

  /** Copies its folder to where it stays. @returns where. */
  keep(name: string): string {
    const copy = join(fs.mkdtempSync(join(tmpdir(), 'daemontools-campaign-kept-')), name)
    execFileSync('cp', ['-a', this.folder, copy])
    return copy
  }

  /** Ends everything and removes it. */
  async destroy(): Promise<void> {
    await until('nothing of the tree runs', () => this.#killAll() === 0)
    for (const service of [...this.services, this.extra]) service.close()
    this.disk.remove()
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
    trees.delete(this)
  }

  /** The same, as far as it can be done at once. */
  endSync(): void {
    for (let round = 0; round < 100 && this.#killAll() > 0; round++) continue
    this.disk.remove()
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** How many there were. */
  #killAll(): number {
    const found = this.census().filter(({ pid, state }) => state !== 'Z' && isAlive(pid))
    // Supervisors first: they would start others.
    found.sort((a, b) => Number(b.role === 'supervisor') - Number(a.role === 'supervisor'))
    for (const one of found) if (isSame(one)) kill(one.pid)
    return found.length
  }

  toString(): string {
    return `${this.peer.title} in ${basename(this.folder)}`
  }
}
