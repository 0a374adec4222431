import * as fs from 'node:fs'
import type { Policy } from '@daemontools-ts/servicedir'
import { type Child, type Ending, type Identity, type Launcher, type ProcessHandle, type Signal, signalGroup, spawnProgram, watchChild, watchProcess } from '@daemontools-ts/unix'
import { finishArguments } from './finish.ts'
import type { Folder } from './folder.ts'
import type { Notification } from './notification.ts'
import { words } from './words.ts'

export interface RunnerHost {
  launcher: Launcher
  /** What becomes the service's descriptors 0 and 1; opened for each start and closed after it. Default: ours. */
  openDescriptors?(): Record<number, number>
}

/** The process of a service: its run, or its finish. There is never more than one. */
export class Runner {
  readonly #folder: Folder
  readonly #host: RunnerHost
  readonly #notification: Notification
  readonly #onEnd: (ending: Ending) => void
  #process: ProcessHandle | undefined
  /** It was asked for a session of its own. */
  #killGroup = false

  constructor(folder: Folder, host: RunnerHost, notification: Notification, onEnd: (ending: Ending) => void) {
    this.#folder = folder
    this.#host = host
    this.#notification = notification
    this.#onEnd = onEnd
  }

  /** When it started, in clock ticks since boot; 0 where there is none. */
  get startTime(): number {
    return this.#process?.startTime ?? 0
  }

  /** Goes on with a process that somebody else has started. False if it has ended. */
  takeUp(process: Identity, policy: Policy): boolean {
    this.#killGroup = policy.killGroup
    this.#process = watchProcess(process, (ending) => this.#ended(ending))
    if (this.#process === undefined) this.#killRest(process)
    return this.#process !== undefined
  }

  /** Leaves what runs to others. */
  release(): void {
    this.#process?.release()
    this.#process = undefined
  }

  /**
   * Starts run. It waits at a gate until the disk says that it runs: whoever is killed here leaves either both or neither. Throws the system's refusal.
   * @param onStarted Writes its pid down; may let it go on before it returns.
   */
  run(policy: Policy, onStarted: (pid: number, go: () => void) => void): void {
    this.#spawn('run', [], policy.notificationFd, policy.killGroup, onStarted)
  }

  /** Starts finish, in the same way. */
  finish(ending: Ending, onStarted: (pid: number, go: () => void) => void): void {
    this.#spawn('finish', finishArguments(ending, this.#folder.dir), undefined, false, onStarted)
  }

  signal(signal: Signal): void {
    this.#process?.signal(signal, this.#killGroup)
  }

  #spawn(name: string, args: readonly string[], notificationFd: number | undefined, session: boolean, onStarted: (pid: number, go: () => void) => void): void {
    const { dir, directory } = this.#folder
    const program = { paths: [`./${name}`], args: [`./${name}`, ...args], message: `supervise: fatal: ${words.start(dir, name)}: `, shell: true }
    let files: Record<number, number> = {}
    let child: Child
    try {
      files = { ...this.#host.openDescriptors?.(), ...(notificationFd !== undefined && this.#notification.openEnd(notificationFd)) }
      child = spawnProgram(this.#host.launcher, program, { directory, files, session, gate: true })
    } finally {
      for (const fd of Object.values(files)) fs.closeSync(fd)
    }
    this.#killGroup = session
    this.#process = watchChild(child.pid, (ending) => this.#ended(ending))
    try {
      onStarted(child.pid, child.go)
    } finally {
      child.go()
    }
  }

  #ended(ending: Ending): void {
    const process = this.#process
    this.#process = undefined
    if (process !== undefined) this.#killRest(process)
    this.#onEnd(ending)
  }

  #killRest(leader: Identity): void {
    if (this.#killGroup) signalGroup(leader, 'SIGKILL')
  }
}
