import { reason } from '@daemontools-ts/command'
import { closeFile, findProcess, onceReadable } from '@daemontools-ts/unix'
import { Fatal } from '../fatal.ts'
import { Input } from '../input.ts'
import { Log } from '../log.ts'
import { parseScript } from '../script.ts'
import type { Task } from '../task.ts'
import { type Host, Queue } from './queue.ts'
import type { Voice } from './voice.ts'

/** So many reads in a row, then it is the others' turn. */
const readsInARow = 4
/** How long a line may take to end when multilogd wants to. */
const lineGraceMilliseconds = 1000

/** How it ends: as multilog with an exit code, or because multilogd does. */
export type Outcome = { exit: number } | 'left'

export interface Asked {
  /** argv, the program's name first. */
  args: readonly string[]
  /** The descriptors of what is to be logged, and of the directory that paths are relative to. */
  stdin: number
  from: number
  /** The stand-in. */
  pid: number
  voice: Voice
  run: Host['run']
  /** It has ended, everything is closed. */
  onEnd(outcome: Outcome): void
  /** It is not, or no longer, waiting for a disk or a processor. */
  onIdle(): void
}

/** One log of many: what multilog.ts does, where nothing may wait. */
export class HostedLog {
  readonly #asked: Asked
  readonly #input: Input
  readonly #queue: Queue
  #log: Log | undefined
  #alarmed = false
  /** TERM to the stand-in, or to us. */
  #ending: Outcome | undefined
  #finishing = false
  #ended = false
  #forget: (() => void) | undefined
  #nextTurn: NodeJS.Immediate | undefined

  constructor(asked: Asked) {
    this.#asked = asked
    this.#input = new Input(asked.stdin)
    this.#queue = new Queue({
      warn: (warning, why) => asked.voice.say(`multilog: warning: ${sentence(warning, why)}`),
      run: asked.run,
      onIdle: () => this.#onIdle(),
      onError: (error) => this.#fail(error),
    })
    this.#queue.do(this.#open())
    this.#proceed()
  }

  /** It waits for a disk, a processor, or a reader of its standard error, with something in memory. */
  get busy(): boolean {
    return !this.#queue.idle || !this.#asked.voice.silent
  }

  terminate(): void {
    this.#ending ??= { exit: 0 }
    this.#proceed()
  }

  alarm(): void {
    this.#alarmed = true
    this.#proceed()
  }

  /** Something that it waited for has happened: it is continued, or all is shown. */
  resume(): void {
    this.#proceed()
  }

  /** As by TERM, and for another to go on. */
  leave(): void {
    this.#ending ??= 'left'
    setTimeout(() => this.#overdue(), lineGraceMilliseconds)
    this.#proceed()
  }

  /** The line has no end, or what it says no reader. */
  #overdue(): void {
    this.#finish()
    if (this.#ended) this.#asked.onEnd('left')
  }

  /** The stand-in is dead: everything is left as by a multilog that was killed. */
  drop(): void {
    if (this.#ended) return
    this.#ended = true
    clearImmediate(this.#nextTurn)
    this.#forget?.()
    this.#queue.abandon()
    this.#log?.close()
    closeFile(this.#asked.stdin)
  }

  *#open(): Task<void> {
    const { args, from, voice } = this.#asked
    const surroundings = { from, performer: this.#queue, say: (text: string) => voice.say(text) }
    try {
      this.#log = yield* Log.open(parseScript(args.slice(1)), surroundings)
    } finally {
      closeFile(from)
    }
  }

  /** A fault of ours ends this log, and no other. */
  #proceed(): void {
    try {
      this.#work()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Reads and writes as long as there is nothing to wait for. */
  #work(): void {
    for (let reads = 0; ; reads++) {
      const log = this.#log
      if (this.#ended || this.#finishing || log === undefined || this.busy) return
      if (this.#alarmed) {
        this.#alarmed = false
        log.turn()
        continue
      }
      if (this.#ending !== undefined && this.#input.atLineStart) return this.#finish()
      // CONT will be told.
      if (reads === 0 && findProcess(this.#asked.pid)?.isStopped === true) return
      if (!this.#input.ready) return this.#wait()
      if (reads === readsInARow) {
        clearImmediate(this.#nextTurn)
        this.#nextTurn = setImmediate(() => this.#proceed())
        return
      }
      const text = this.#input.read(this.#ending === undefined ? log.appetite : 1)
      if (text === undefined) continue
      if (text.length === 0) {
        this.#ending = { exit: 0 }
        return this.#finish()
      }
      log.take(text)
    }
  }

  #wait(): void {
    this.#forget ??= onceReadable(this.#asked.stdin, () => {
      this.#forget = undefined
      this.#proceed()
    })
  }

  #finish(): void {
    if (this.#ended || this.#finishing || this.#log === undefined) return
    this.#finishing = true
    this.#log.finish()
    if (this.#queue.idle) this.#end(this.#ending!)
  }

  #onIdle(): void {
    if (this.#ended) return
    if (this.#finishing) this.#end(this.#ending!)
    else this.#proceed()
    this.#asked.onIdle()
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    const { voice } = this.#asked
    if (error instanceof Fatal) voice.say(`multilog: fatal: ${sentence(error.what, error.why)}`)
    else voice.say(`multilog: fatal: internal error: ${error instanceof Error ? error.stack : String(error)}`)
    this.#end({ exit: error instanceof Fatal ? 111 : 101 })
  }

  #end(outcome: Outcome): void {
    this.drop()
    this.#asked.voice.whenSilent(() => this.#asked.onEnd(outcome))
  }
}

function sentence(what: string, why: unknown): string {
  return why === undefined ? what : `${what}: ${reason(why)}`
}
