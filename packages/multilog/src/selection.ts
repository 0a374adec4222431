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

  constructor(actions: readonly Action[], logs: readonly Cyclog[], hearers: Hearers) {
    this.#actions = actions
    this.#logs = logs
    this.#hearers = hearers
    this.#selected = this.everything ? [...logs] : []
  }

  /** No action but logs: every line goes to each of them. */
  get everything(): boolean {
    return this.#actions.every((action) => action.do === 'log')
  }

  line(bytes: Buffer, start: number, end: number): void {
    let selected = true
    this.#selected.length = 0
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
            this.#selected.push(this.#logs[action.directory]!)
        }
      }
    }
    for (const log of this.#selected) log.put(bytes, start, end)
  }

  more(bytes: Buffer, start: number, end: number): void {
    for (const log of this.#selected) log.stream(bytes, start, end)
  }

  end(): void {
    for (const log of this.#selected) log.endLine()
  }
}
