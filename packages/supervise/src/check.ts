import { warn } from '@daemontools-ts/command'
import { expectExecutable, type Launcher, type ProcessHandle, spawnProgram, watchChild } from '@daemontools-ts/unix'
import type { Folder } from './folder.ts'
import { words } from './words.ts'

/** One that takes longer has failed, and is killed. */
const timeoutMilliseconds = 10_000

/** Runs `./check` in the service directory, which exits 0 if the service is ready. */
export class Check {
  readonly #launcher: Launcher
  readonly #folder: Folder
  readonly #onResult: (ok: boolean) => void
  #process: ProcessHandle | undefined
  /** It could not be executed, and that was said. */
  #said = false

  constructor(launcher: Launcher, folder: Folder, onResult: (ok: boolean) => void) {
    this.#launcher = launcher
    this.#folder = folder
    this.#onResult = onResult
  }

  run(): void {
    this.stop()
    const { dir, directory } = this.#folder
    try {
      this.#expectExecutable()
      const program = { paths: ['./check'], args: ['./check'], message: `supervise: fatal: ${words.start(dir, 'check')}: `, shell: true }
      const { pid } = spawnProgram(this.#launcher, program, { directory, session: true })
      const timeout = setTimeout(() => this.#process?.signal('SIGKILL', true), timeoutMilliseconds)
      this.#process = watchChild(pid, (ending) => {
        clearTimeout(timeout)
        if (this.#process?.pid !== pid) return
        this.#process = undefined
        this.#onResult(ending !== 'unknown' && 'code' in ending && ending.code === 0)
      })
    } catch {
      // It cannot be run. Later, in another turn: who asked is not done yet.
      setImmediate(() => this.#onResult(false))
    }
  }

  /** It is looked at every second: the child that cannot execute it would say so every second. */
  #expectExecutable(): void {
    try {
      expectExecutable(this.#folder.at('check'))
      this.#said = false
    } catch (error) {
      if (!this.#said) warn('supervise', words.check(this.#folder.dir), error)
      this.#said = true
      throw error
    }
  }

  /** Forgets one that is still running. */
  stop(): void {
    this.#process?.signal('SIGKILL', true)
    this.#process = undefined
  }
}
