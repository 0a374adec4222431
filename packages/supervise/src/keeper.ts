import * as fs from 'node:fs'
import { warn } from '@daemontools-ts/command'
import { type Identity, inherited, type Launcher, makePipe, openFile, spawnLaunch, watchChild, watchProcess } from '@daemontools-ts/unix'
import { words } from './words.ts'

/** How soon a keeper that could not be started, or has not lasted, is tried again. */
const retryMilliseconds = 5000
/** One that has lived for so long was fine. */
const leastMilliseconds = 100

/**
 * A small process (`launch keep`, see launch.c) that has the pipes of all services open as well, so that they outlive a supervisor that
 * is killed: no service dies of a pipe without a reader, no logger of one without a writer, and no line is lost in between.
 */
export class Keeper {
  readonly #launcher: Launcher
  readonly #onChange: () => void
  readonly #held = new Set<number>()
  #process: (Identity & { commands: number }) | undefined
  #retry: NodeJS.Timeout | undefined
  #isOver = false

  /** @param onChange There is another process than before. */
  constructor(launcher: Launcher, onChange: () => void) {
    this.#launcher = launcher
    this.#onChange = onChange
  }

  get identity(): Identity | undefined {
    return this.#process && { pid: this.#process.pid, startTime: this.#process.startTime }
  }

  /** Has a descriptor held, from the next ensure() at the latest. */
  hold(fd: number): void {
    this.#held.add(fd)
    if (this.#process === undefined) return
    try {
      fs.writeSync(this.#process.commands, `${fd}\n`)
    } catch {
      // it has just died: the next one inherits them all
    }
  }

  /** It may be closed here; the process lets go of it only when it ends, which does no harm: nobody reads or writes it any more. */
  release(fd: number): void {
    this.#held.delete(fd)
  }

  /** Whether all that another keeper holds is held here as well. */
  covers({ pid }: Identity): boolean {
    const file = (stat: fs.BigIntStats): string => `${stat.dev}:${stat.ino}`
    const held = new Set([...this.#held].map((fd) => file(fs.fstatSync(fd, { bigint: true }))))
    try {
      const others = fs.readdirSync(`/proc/${pid}/fd`).filter((fd) => Number(fd) > 2)
      return others.every((fd) => held.has(file(fs.statSync(`/proc/${pid}/fd/${fd}`, { bigint: true }))))
    } catch {
      return false // it has ended, or is none of our business
    }
  }

  /** Starts the process if there is something to hold. */
  ensure(): void {
    clearTimeout(this.#retry)
    if (this.#isOver || this.#process !== undefined || this.#held.size === 0) return
    try {
      this.#start()
    } catch (error) {
      warn('supervise', words.keeper, error)
      this.#tryAgain()
    }
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => (this.ensure(), this.#onChange()), retryMilliseconds)
  }

  /** Ends the process for good: readers shall see the end of their input when the programs that write are gone. */
  end(): void {
    clearTimeout(this.#retry)
    const process = this.#process
    this.#isOver = true
    this.#process = undefined
    if (process === undefined) return
    fs.closeSync(process.commands)
    watchProcess(process, () => undefined)?.signal('SIGKILL')
  }

  #start(): void {
    const commands = makePipe()
    const nothing = openFile('/dev/null', 'both')
    try {
      const pid = spawnLaunch(this.#launcher, {
        args: ['launch', 'keep'],
        keep: [...this.#held],
        moves: [[commands.read, 0], [nothing, 1], [nothing, 2]],
        close: inherited().descriptors.filter((fd) => fd > 2),
      })
      const ended = (): void => {
        if (this.#process?.pid !== pid) return
        fs.closeSync(commands.write)
        this.#process = undefined
        if (performance.now() - began < leastMilliseconds) return this.#tryAgain()
        this.ensure()
        this.#onChange()
      }
      const began = performance.now()
      this.#process = { ...watchChild(pid, ended), commands: commands.write }
    } catch (error) {
      fs.closeSync(commands.write)
      throw error
    } finally {
      fs.closeSync(commands.read)
      fs.closeSync(nothing)
    }
  }
}

/** Ends the keeper of a supervisor that was killed: ours holds its pipes by now. */
export function endKeeper(identity: Identity): void {
  watchProcess(identity, () => undefined)?.signal('SIGKILL')
}
