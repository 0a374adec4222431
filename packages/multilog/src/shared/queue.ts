import type { End } from '../request.ts'
import type { Performer, Processor, Task } from '../task.ts'

/** djb's deepsleep waits for five seconds and a little more. */
const pauseMilliseconds = 5020

/** What a queue of tasks asks of its log. */
export interface Host {
  /** `multilog: warning: …`. */
  warn(warning: string, why?: unknown): void
  /** Runs it and calls back once: with its end, or with what the system has refused. */
  run(processor: Processor, onEnd: (end: End | { refused: unknown }) => void): void
  /** Nothing is waited for any more. */
  onIdle(): void
  /** A task has thrown, and is done. */
  onError(error: unknown): void
}

/** Tasks, one after the other; while one waits, other logs go on. */
export class Queue implements Performer {
  readonly #host: Host
  readonly #tasks: Task<void>[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(host: Host) {
    this.#host = host
  }

  get idle(): boolean {
    return this.#tasks.length === 0
  }

  do(task: Task<void>): void {
    this.#tasks.push(task)
    if (this.#tasks.length === 1) this.#advance(() => task.next(), false)
  }

  /** Nothing more is done. What tasks have open is closed. */
  abandon(): void {
    clearTimeout(this.#timer)
    for (const task of this.#tasks.splice(0)) task.return()
  }

  /** Goes on until something has to be waited for. @param waited Somebody is to hear when that is over. */
  #advance(resume: () => IteratorResult<unknown, void>, waited: boolean): void {
    let next = resume
    while (this.#tasks.length > 0) {
      const task = this.#tasks[0]!
      if (!this.#step(task, next)) return
      this.#tasks.shift()
      const following = this.#tasks[0]
      next = () => following!.next()
    }
    if (waited) this.#host.onIdle()
  }

  /** Whether the task is done. */
  #step(task: Task<void>, resume: () => IteratorResult<unknown, void>): boolean {
    let step
    try {
      step = resume() as ReturnType<typeof task.next>
    } catch (error) {
      this.#host.onError(error)
      return true
    }
    if (step.done === true) return true
    const wait = step.value
    const goOn = (resume: () => IteratorResult<unknown, void>): void => {
      if (this.#tasks[0] === task) this.#advance(resume, true) // else it was abandoned
    }
    if (wait.for === 'pause') {
      this.#host.warn(wait.warning, wait.why)
      this.#timer = setTimeout(() => goOn(() => task.next()), pauseMilliseconds)
    } else {
      this.#host.run(wait, (end) => goOn(() => ('refused' in end ? task.throw(end.refused) : task.next(end))))
    }
    return false
  }
}
