/** The timers of this process, moved by hand. */
export class Timers {
  #now = 0
  #pending = new Map<object, { at: number; call: () => void }>()

  /** In the place of the real ones until the test ends, which has to be synchronous: others use them too. */
  constructor(t: { teardown(undo: () => void): void }) {
    const { setTimeout, clearTimeout } = globalThis
    t.teardown(() => Object.assign(globalThis, { setTimeout, clearTimeout }))
    const start = (call: () => void, milliseconds: number): object => {
      const timer = {}
      this.#pending.set(timer, { at: this.#now + milliseconds, call })
      return timer
    }
    Object.assign(globalThis, { setTimeout: start, clearTimeout: (timer: object) => this.#pending.delete(timer) })
  }

  get count(): number {
    return this.#pending.size
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
    for (const [timer, { at, call }] of [...this.#pending]) {
      if (at > this.#now || !this.#pending.delete(timer)) continue
      call()
    }
  }
}
