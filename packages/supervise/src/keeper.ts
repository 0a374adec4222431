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
 *
 * It takes the place of its predecessors, which killed supervisors have left, without an instant in which no record names a keeper that stays:
 * a new one is written down beside them, told to stay as soon as one record names it, and when all do they are ended. Before the first it
 * leaves when we are killed: nobody would find it.
 */
export class Keeper {
  readonly #launcher: Launcher
  readonly #record: () => void
  readonly #isAlone: boolean
  readonly #held = new Set<number>()
  #process: (Identity & { commands: number; stays: boolean }) | undefined
  #predecessors: Identity[] = []
  #settling: NodeJS.Immediate | undefined
  #retry: NodeJS.Timeout | undefined
  /** Why it could not be started: it is tried again in silence. */
  #said = false
  #isOver = false

  /**
   * @param record Writes down the process and its predecessors wherever one of them is to be found by the next supervisor.
   * @param isAlone Others than we may need a predecessor: only one that holds nothing else than we do is ended.
   */
  constructor(launcher: Launcher, record: () => void, isAlone = false) {
    this.#launcher = launcher
    this.#record = record
    this.#isAlone = isAlone
  }

  get identity(): Identity | undefined {
    return this.#process && { pid: this.#process.pid, startTime: this.#process.startTime }
  }

  /** Those that are not ended yet. */
  get predecessors(): readonly Identity[] {
    return this.#predecessors
  }

  /** A supervisor before us was killed, and left this keeper. */
  succeed(old: Identity): void {
    const all = [...this.#predecessors, ...(this.#process === undefined ? [] : [this.#process])]
    if (all.some(({ pid, startTime }) => pid === old.pid && startTime === old.startTime)) return
    this.#predecessors.push(old)
    this.#settleSoon()
  }

  /** Has a descriptor held, from the next ensure() at the latest. */
  hold(fd: number): void {
    this.#held.add(fd)
    this.#tell(`${fd}`)
  }

  /** It may be closed here; the process lets go of it only when it ends, which does no harm: nobody reads or writes it any more. */
  release(fd: number): void {
    this.#held.delete(fd)
  }

  /** A record that names it and its predecessors has been written. */
  confirm(): void {
    if (this.#process === undefined || this.#process.stays) return
    this.#process.stays = true
    this.#tell('')
    if (this.#predecessors.length > 0 && this.#settling === undefined) this.#settleSoon()
  }

  /** Starts the process if there is something to hold. */
  ensure(): void {
    if (this.#isOver || this.#process !== undefined || this.#held.size === 0 || this.#retry !== undefined) return
    try {
      this.#start()
      this.#said = false
      this.#settleSoon()
    } catch (error) {
      if (!this.#said) warn('supervise', words.keeper, error)
      this.#said = true
      this.#tryAgain()
    }
  }

  /** Ends the process and its predecessors for good: readers shall see the end of their input when the programs that write are gone. */
  end(): void {
    clearTimeout(this.#retry)
    clearImmediate(this.#settling)
    const process = this.#process
    this.#isOver = true
    this.#process = undefined
    this.#endPredecessors()
    if (process === undefined) return
    fs.closeSync(process.commands)
    endProcess(process)
  }

  /** When all supervisors that begin now have begun. */
  #settleSoon(): void {
    clearImmediate(this.#settling)
    this.#settling = setImmediate(() => {
      this.#record()
      this.#settling = undefined
      if (this.#held.size === 0 || this.#process?.stays) this.#endPredecessors()
    })
  }

  #endPredecessors(): void {
    const covered = (old: Identity): boolean => !this.#isAlone || this.#covers(old)
    for (const old of this.#predecessors.filter(covered)) endProcess(old)
    this.#predecessors = this.#predecessors.filter((old) => !covered(old))
  }

  /** Whether all that another keeper holds is held here as well. */
  #covers({ pid }: Identity): boolean {
    const file = (stat: fs.BigIntStats): string => `${stat.dev}:${stat.ino}`
    const held = new Set([...this.#held].map((fd) => file(fs.fstatSync(fd, { bigint: true }))))
    try {
      const others = fs.readdirSync(`/proc/${pid}/fd`).filter((fd) => Number(fd) > 2)
      return others.every((fd) => held.has(file(fs.statSync(`/proc/${pid}/fd/${fd}`, { bigint: true }))))
    } catch {
      return false // it has ended, or is none of our business
    }
  }

  #tell(line: string): void {
    if (this.#process === undefined) return
    try {
      fs.writeSync(this.#process.commands, `${line}\n`)
    } catch {
      // it has just died: the next one inherits them all
    }
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.ensure()
    }, retryMilliseconds)
  }

  #start(): void {
    const commands = makePipe()
    const nothing = openFile('/dev/null', 'both')
    try {
      const pid = spawnLaunch(this.#launcher, {
        // What we have inherited, which is not closed on exec, is not its business.
        args: ['launch', 'keep', ...inherited().descriptors.filter((fd) => fd > 2).map(String)],
        keep: [...this.#held],
        moves: [[commands.read, 0], [nothing, 1], [nothing, 2]],
      })
      const began = performance.now()
      const ended = (): void => {
        if (this.#process?.pid !== pid) return
        fs.closeSync(commands.write)
        this.#process = undefined
        if (performance.now() - began < leastMilliseconds) this.#tryAgain()
        else this.ensure()
      }
      this.#process = { ...watchChild(pid, ended), commands: commands.write, stays: false }
    } catch (error) {
      fs.closeSync(commands.write)
      throw error
    } finally {
      fs.closeSync(commands.read)
      fs.closeSync(nothing)
    }
  }
}

/** That very process, and nobody who has its number later. */
function endProcess(identity: Identity): void {
  watchProcess(identity, () => undefined)?.signal('SIGKILL')
}
