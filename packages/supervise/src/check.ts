import { type Launcher, type ProcessHandle, spawnProgram, watchChild } from '@daemontools-ts/unix'

/** One that takes longer has failed, and is killed. */
const timeoutMilliseconds = 10_000

/** Runs `./check` in the service directory, which exits 0 if the service is ready. */
export class Check {
  readonly #launcher: Launcher
  readonly #directory: number
  readonly #onResult: (ok: boolean) => void
  #process: ProcessHandle | undefined

  constructor(launcher: Launcher, directory: number, onResult: (ok: boolean) => void) {
    this.#launcher = launcher
    this.#directory = directory
    this.#onResult = onResult
  }

  run(): void {
    this.stop()
    // What it has to say is nobody's business but its own: it runs every second.
    const program = { paths: ['./check'], args: ['./check'], message: 'supervise: fatal: unable to run ./check: ', shell: true }
    try {
      const { pid } = spawnProgram(this.#launcher, program, { directory: this.#directory, session: true })
      const timeout = setTimeout(() => this.#process?.signal('SIGKILL', true), timeoutMilliseconds)
      this.#process = watchChild(pid, (ending) => {
        clearTimeout(timeout)
        if (this.#process?.pid !== pid) return
        this.#process = undefined
        this.#onResult(ending !== 'unknown' && 'code' in ending && ending.code === 0)
      })
    } catch {
      // No process could be made. Later, in another turn: who asked is not done yet.
      setImmediate(() => this.#onResult(false))
    }
  }

  /** Forgets one that is still running. */
  stop(): void {
    this.#process?.signal('SIGKILL', true)
    this.#process = undefined
  }
}
