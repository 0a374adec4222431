/** A process 1 of ours, as in a container: with its own process numbers, /proc and mounts. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import type { Test } from 'tap'
import { type Ended, Process, type StartOptions } from './process.ts'
import { until } from './until.ts'

const namespaces = ['--pid', '--fork', '--mount-proc', '--mount', '--kill-child']

export class Container {
  readonly #process: Process
  /** The number of process 1, seen from outside. */
  readonly init: number

  /** @param script For /bin/sh, which is process 1; it is to execute the program. Everything ends with the test. */
  static async start(t: Test, script: string, options: StartOptions = {}): Promise<Container> {
    const process = new Process(t, 'setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, '/bin/sh', '-c', script], options)
    const init = await until('there is a process 1', () => childOf(process.pid), () => process.stderr)
    return new Container(process, init)
  }

  private constructor(process: Process, init: number) {
    this.#process = process
    this.init = init
  }

  get stderr(): string {
    return this.#process.stderr
  }

  get running(): boolean {
    return this.#process.running
  }

  /** Waits for its end, for a while. The exit code is that of process 1. */
  async end(): Promise<Ended> {
    await until('process 1 has ended', () => !this.running, () => this.stderr)
    return this.#process.ended
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.init, signal)
  }

  /** All processes in it: their numbers inside, state letters, and command lines with NULs as spaces. */
  get inhabitants(): { number: number; state: string; commandLine: string }[] {
    const proc = this.path('/proc')
    const numbers = fs.readdirSync(proc).filter((name) => /^\d+$/.test(name))
    return numbers.flatMap((number) => {
      try {
        const [, state] = /\) (.)/.exec(fs.readFileSync(`${proc}/${number}/stat`, 'latin1'))!
        return [{ number: Number(number), state: state!, commandLine: fs.readFileSync(`${proc}/${number}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() }]
      } catch {
        return [] // gone
      }
    })
  }

  /** The path, from outside, of what has another file system there. */
  path(inside: string): string {
    return `/proc/${this.init}/root${inside}`
  }
}

/** An option of t.test: why there can be none here, `false` if there can. */
export function unlessContained(): string | false {
  if (process.getuid!() !== 0) return 'needs root'
  try {
    execFileSync('unshare', [...namespaces, 'true'], { stdio: 'ignore' })
    return false
  } catch {
    return 'needs leave to make process and mount namespaces'
  }
}

function childOf(pid: number): number | undefined {
  const [child] = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ')
  return child === undefined || child === '' ? undefined : Number(child)
}
