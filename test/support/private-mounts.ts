/** A mount namespace in which file systems come and go that nobody else sees. */
import type { Test } from 'tap'
import { endNamespace } from './namespace.ts'
import { type Ended, Process, run } from './process.ts'
import { until } from './until.ts'

export class PrivateMounts {
  readonly #t: Test
  readonly #holder: Process

  /** It ends with the test, and with it every process in it. */
  static async create(t: Test): Promise<PrivateMounts> {
    const holder = new Process(t, 'unshare', ['--mount', '--propagation', 'private', 'setpriv', '--pdeathsig', 'KILL', 'sh', '-c', 'echo made; exec sleep infinity'])
    await until('the namespace is made', () => holder.stdout === 'made\n', () => holder.stderr)
    endNamespace(t, 'the namespace', holder)
    return new PrivateMounts(t, holder)
  }

  private constructor(t: Test, holder: Process) {
    this.#t = t
    this.#holder = holder
  }

  /** Commands that run the next one in it, in a directory as it is seen there. */
  enter(directory = '/'): string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, `--wdns=${directory}`, '--']
  }

  /** A path in it, as it is seen from outside. Absolute links on the way lead astray. */
  outside(path: string): string {
    return `/proc/${this.#holder.pid}/root${path}`
  }

  /** Runs a program in it to its end. */
  run(...argv: string[]): Promise<Ended> {
    const [enter, ...rest] = this.enter()
    return run(this.#t, enter!, [...rest, ...argv])
  }

  /** Starts a program in it that lasts. */
  start(...argv: string[]): Process {
    const [enter, ...rest] = this.enter()
    return new Process(this.#t, enter!, [...rest, ...argv])
  }
}
