import fc from 'fast-check'
import t from 'tap'
import { copyOutput, type Source, terminalBytes } from '../src/copy.ts'

/** A program whose writes and end happen when the test says so. */
class Program implements Source {
  readonly #pieces: Uint8Array[] = []
  #end!: () => void
  #arrived!: () => void
  #arrival!: Promise<void>
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve))

  constructor() {
    this.#renew()
  }

  write(text: string): void {
    this.#pieces.push(Buffer.from(text))
    this.#arrived()
    this.#renew()
  }

  end(): void {
    this.#end()
  }

  read(): Uint8Array | undefined {
    return this.#pieces.shift()
  }

  readable(): Promise<void> {
    return this.#pieces.length > 0 ? Promise.resolve() : this.#arrival
  }

  #renew(): void {
    this.#arrival = new Promise((resolve) => (this.#arrived = resolve))
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

t.test('copyOutput: all that is written arrives in order, whatever comes between, the last piece with the end included', async () => {
  const step = fc.constantFrom('write', 'turn', 'write and turn')
  await fc.assert(
    fc.asyncProperty(fc.array(step), fc.array(fc.boolean()), async (steps, slow) => {
      const program = new Program()
      const written: string[] = []
      let busy = false
      const copied = copyOutput(program, async (piece) => {
        if (busy) throw new Error('two writes at a time')
        busy = true
        const text = Buffer.from(piece).toString()
        if (slow[written.length] === true) await turn()
        written.push(text)
        busy = false
      })
      let count = 0
      for (const step of steps) {
        if (step !== 'turn') program.write(`${count++} `)
        if (step !== 'write') await turn()
      }
      program.end()
      await copied
      t.equal(written.join(''), Array.from({ length: count }, (_, index) => `${index} `).join(''))
    }),
  )
})

t.test('copyOutput: a program that leaves a writer behind does not keep it', async (t) => {
  const endless: Source = { read: () => Buffer.alloc(1000), readable: () => Promise.resolve(), ended: Promise.resolve() }
  let bytes = 0
  await copyOutput(endless, (piece) => Promise.resolve(void (bytes += piece.length)))
  t.ok(bytes >= terminalBytes && bytes < terminalBytes + 10_000, 'as much as a terminal holds')
})

t.test('copyOutput: a refusal of the writer ends it', async (t) => {
  const program = new Program()
  program.write('x')
  await t.rejects(copyOutput(program, () => Promise.reject(new Error('full'))), { message: 'full' })
})
