/** The programs that measure: small, in C, so that what they need themselves is next to nothing. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compile } from '../support/compile.ts'

/** What a program does with what it is fed, its start left out. */
export interface Rate {
  bytesPerSecond: number
  /** Of a processor. */
  secondsPerByte: number
}

/** Nanoseconds of CLOCK_MONOTONIC, as process.hrtime.bigint() gives them; they fit for some months. */
export interface Span {
  begin: number
  end: number
}

const execute = promisify(execFile)

/** Only something broken takes so long. */
const patienceMilliseconds = 120_000

export class Tools {
  readonly #folder: string

  /** Compiles them. @param base Is there; they work in it, and what they start is known by it. */
  constructor(base: string) {
    this.#folder = join(base, 'tools')
    mkdirSync(this.#folder)
    for (const name of ['stamp-starts', 'time-starts', 'feed-program', 'time-lines', 'processor-time']) compile(this.#folder, name)
  }

  /** A service. */
  get service(): string {
    return join(this.#folder, 'stamp-starts')
  }

  /** Runs a program so many times, one after the other. */
  async timeStarts(count: number, argv: readonly string[]): Promise<Span[]> {
    const lines = await this.#run('time-starts', [`${count}`, ...argv])
    return lines.map((line) => {
      const [begin, end] = line.split(' ')
      return { begin: Number(begin), end: Number(end) }
    })
  }

  /** How fast a program reads a file through a pipe. */
  async feed(file: string, argv: readonly string[]): Promise<Rate> {
    const [line] = await this.#run('feed-program', [file, ...argv])
    const [bytes, nanoseconds, processor] = line!.split(' ').map(Number)
    return { bytesPerSecond: (bytes! / nanoseconds!) * 1e9, secondsPerByte: processor! / 1e9 / bytes! }
  }

  /** How long a line takes from a pipe to a file. @returns nanoseconds, each line's. */
  async timeLines(count: number, file: string, argv: readonly string[]): Promise<number[]> {
    return (await this.#run('time-lines', [`${count}`, file, ...argv])).map(Number)
  }

  /** Processor time that processes have used, in nanoseconds, with their threads that have ended. */
  async processorNanoseconds(pids: readonly number[]): Promise<number> {
    return Number((await this.#run('processor-time', pids.map(String)))[0])
  }

  async #run(name: string, args: readonly string[]): Promise<string[]> {
    const options = { cwd: this.#folder, env: { PATH: '/usr/bin:/bin', BENCH: this.#folder }, timeout: patienceMilliseconds, killSignal: 'SIGKILL' } as const
    try {
      const { stdout } = await execute(join(this.#folder, name), args, options)
      return stdout.trimEnd().split('\n')
    } catch (error) {
      const { stderr = '', killed, code } = error as { stderr?: string; killed?: boolean; code?: number }
      const why = killed === true ? `not in ${patienceMilliseconds / 1000} seconds` : stderr.trim().replaceAll('\n', '; ') || `exit code ${code}`
      throw new Error(`${args.join(' ')}: ${why}`.replaceAll(`${join(this.#folder, '..')}/`, '').slice(0, 300))
    }
  }
}
