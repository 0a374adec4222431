/** The work for one service, in order, as its events come. */
export class Turns {
  readonly #look: () => Promise<boolean>
  readonly #noteAnswer: (answers: boolean) => void
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #working = false
  /** Its directory is where it may not answer: that is found out before each work, since to work there would stop all services. */
  mayHang = false

  /** @param look Whether the directory answers; does not throw. @param noteAnswer Is told so, right before the work. */
  constructor(look: () => Promise<boolean>, noteAnswer: (answers: boolean) => void) {
    this.#look = look
    this.#noteAnswer = noteAnswer
  }

  get isIdle(): boolean {
    return this.#waiting === 0
  }

  /** Does the work, which does not throw; at once if nothing is in the way. */
  take(work: () => void): void {
    if (this.#working || (!this.mayHang && this.isIdle)) return this.#do(work)
    this.#waiting++
    this.#last = this.#last.then(async () => {
      this.#noteAnswer(!this.mayHang || (await this.#look()))
      this.#waiting--
      this.#do(work)
    })
  }

  /** What comes of the work itself belongs to it. */
  #do(work: () => void): void {
    const outer = this.#working
    this.#working = true
    work()
    this.#working = outer
  }
}
