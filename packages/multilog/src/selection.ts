import type { Cyclog } from './cyclog.ts'
import type { LineSink } from './line.ts'
import { match } from './match.ts'
import type { Action } from './script.ts'

/** What the actions on a line reach besides log directories. */
export interface Hearers {
  /** `e`. */
  alert(bytes: Buffer, start: number, end: number): void
  /** `=`, the status files counted from 0. */
  status(file: number, bytes: Buffer, start: number, end: number): void
}

/** Runs the script on each line, and puts the line where it has been selected. */
export class Selection implements LineSink {
  readonly #actions: readonly Action[]
  readonly #logs: readonly Cyclog[]
  readonly #hearers: Hearers
  /** The logs that were selected for the line under way, in the script's order; a long line may have begun without us if all always are. */
  readonly #selected: Cyclog[]
  /** So many of them, from the first: an array that shrinks and grows again is allocated again for each line. */
  #count: number

  constructor(actions: readonly Action[], logs: readonly Cyclog[], hearers: Hearers) {
    this.#actions = actions
    this.#logs = logs
    this.#hearers = hearers
    this.#selected = [...logs]
    this.#count = this.everything ? logs.length : 0
  }

  /** No action but logs: every line goes to each of them. */
  get everything(): boolean {
    return this.#actions.every((action) => action.do === 'log')
  }

  line(bytes: Buffer, start: number, end: number): void {
    let selected = true
    this.#count = 0
    for (const action of this.#actions) {
      if (action.do === 'select') {
        if (!selected) selected = match(action.pattern, bytes, start, end)
      } else if (selected) {
        switch (action.do) {
          case 'deselect':
            selected = !match(action.pattern, bytes, start, end)
            break
          case 'alert':
            this.#hearers.alert(bytes, start, end)
            break
          case 'status':
            this.#hearers.status(action.file, bytes, start, end)
            break
          case 'log':
            this.#selected[this.#count++] = this.#logs[action.directory]!
        }
      }
    }
    for (let index = 0; index < this.#count; index++) this.#selected[index]!.put(bytes, start, end)
  }

  more(bytes: Buffer, start: number, end: number): void {
    for (let index = 0; index < this.#count; index++) this.#selected[index]!.stream(bytes, start, end)
  }

  end(): void {
    for (let index = 0; index < this.#count; index++) this.#selected[index]!.endLine()
  }
}
