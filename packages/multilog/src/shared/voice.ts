import { show } from './message.ts'

/** What a stand-in is to show on its standard error: a message at a time, the next when it has been shown. */
export class Voice {
  readonly #send: (message: Buffer) => void
  #texts: string[] = []
  #onShown: (() => void)[] = []
  #underWay = false

  constructor(send: (message: Buffer) => void) {
    this.#send = send
  }

  /** All is shown. */
  get silent(): boolean {
    return !this.#underWay
  }

  say(text: string): void {
    this.#texts.push(`${text}\n`)
    this.#proceed()
  }

  /** The stand-in has shown a message. */
  shown(): void {
    this.#underWay = false
    this.#proceed()
  }

  /** Calls back when all is shown: at once, perhaps. */
  whenSilent(callback: () => void): void {
    if (this.silent) callback()
    else this.#onShown.push(callback)
  }

  #proceed(): void {
    if (this.#underWay) return
    if (this.#texts.length === 0) {
      for (const callback of this.#onShown.splice(0)) callback()
      return
    }
    const { message, rest } = show(this.#texts)
    this.#texts = rest
    this.#underWay = true
    this.#send(message)
  }
}
