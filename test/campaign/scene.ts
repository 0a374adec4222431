/** What a fault has at hand. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { identify, isSame, kill } from '../support/process.ts'
import { until } from '../support/until.ts'
import { executionOf } from './census.ts'
import { Expected } from './expected.ts'
import type { Round } from './plan.ts'
import type { Service, Unit } from './service.ts'
import type { Tree } from './tree.ts'

export class Scene {
  readonly tree: Tree
  readonly target: Service
  readonly expected = new Expected()
  readonly #chances: Round['chances']

  constructor(tree: Tree, { target, chances }: Round) {
    this.tree = tree
    this.target = tree.services[target]!
    this.#chances = chances
  }

  /** A delay that the round's chance number `which` decides. Blocks, since a timer is not that exact. */
  pause(which: 0 | 1 | 2 | 3, mostMilliseconds: number): void {
    sleep(this.#chances[which] * mostMilliseconds)
  }

  /** The same, but short ones are much more likely: for what is over in an instant. */
  pauseBriefly(which: 0 | 1 | 2 | 3, mostMilliseconds: number): void {
    sleep(this.#chances[which] ** 3 * mostMilliseconds)
  }

  coin(which: 0 | 1 | 2 | 3): boolean {
    return this.#chances[which] < 0.5
  }

  /** A number from 0 on, below `below`. */
  number(which: 0 | 1 | 2 | 3, below: number): number {
    return Math.floor(this.#chances[which] * below)
  }

  /** To the process of a unit, which is up. */
  signal(unit: Unit, signal: NodeJS.Signals): void {
    const living = identify(unit.status()?.pid ?? 0)
    if (living !== undefined && isSame(living)) kill(living.pid, signal)
  }

  killService(): void {
    this.signal(this.target.main, 'SIGKILL')
    this.expected.starts(this.target.main)
  }

  /** The same, while the supervisor lives, and goes on living. Of its own child it must know what it died of. */
  killWatchedService(): void {
    const { tree, target } = this
    const isChild = tree.census().some(({ unit, parent }) => unit === target.main.name && parent === tree.top)
    if (isChild) this.expected.ends.set(target.main, 'SIGKILL')
    this.killService()
  }

  killLogger(service = this.target): void {
    this.signal(service.log, 'SIGKILL')
    this.expected.loses(service)
  }

  /** What svc does. */
  command({ dir }: Unit, letters: string | Buffer): void {
    const fd = fs.openSync(join(dir, 'supervise', 'control'), fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
    fs.writeSync(fd, typeof letters === 'string' ? Buffer.from(letters, 'latin1') : letters)
    fs.closeSync(fd)
  }

  /** To every process of the supervisor. */
  signalSupervisor(signal: NodeJS.Signals): void {
    for (const one of this.tree.census()) if (one.role === 'supervisor' && isSame(one)) kill(one.pid, signal)
  }

  async killSupervisor(all = true): Promise<void> {
    await this.tree.killSupervisor(all)
  }

  /** Starts the supervisor after a while, as init would. */
  startSupervisor(which: 0 | 1 | 2 | 3, mostMilliseconds = 300): void {
    this.pause(which, mostMilliseconds)
    this.tree.start()
    this.expected.supervisorIsNew = true
  }

  /** HUP. */
  upgrade(): void {
    this.expected.executionBefore = executionOf(this.tree.top)
    this.expected.supervisorIsNew = true
    kill(this.tree.top, 'SIGHUP')
  }

  async supervisorEnds(code: number): Promise<void> {
    const { tree } = this
    await until(`the supervisor ends with exit code ${code}`, () => tree.topEnd === code, () => `it is ${tree.topEnd ?? 'running'}`)
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
