import fc from 'fast-check'
import t from 'tap'
import { Cyclog, type Outlet } from '../src/cyclog.ts'
import { LogOfC } from './model.ts'

/** A disk that is only memory. */
class Files implements Outlet {
  readonly files: string[] = []
  current: string
  writes = 0
  /** Most bytes that a write takes, in turn; a full disk takes fewer. */
  readonly #takes: number[]

  constructor(current = '', takes: number[] = []) {
    this.current = current
    this.#takes = takes
  }

  write(bytes: Buffer, start: number, end: number): number {
    const most = this.#takes[this.writes++ % (this.#takes.length || 1)] ?? Infinity
    const stop = Math.min(end, start + most)
    this.current += bytes.toString('latin1', start, stop)
    return stop - start
  }

  rotate(): void {
    this.files.push(this.current)
    this.current = ''
  }
}

const text = fc.oneof(
  fc.integer({ min: 0, max: 1000 }).map((n) => 'x'.repeat(n)),
  fc.integer({ min: 500, max: 520 }).map((n) => 'y'.repeat(n)),
  fc.string({ unit: fc.constantFrom('a', '\n'), maxLength: 100 }),
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stream' as const), text }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('line' as const), text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), text }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
)

t.test('files end where those of the C program do, whatever is put in whatever way', async () => {
  fc.assert(
    fc.property(fc.constantFrom(4096, 4097, 6000, 9000), fc.nat(10_000), fc.array(step, { maxLength: 80 }), (size, before, steps) => {
      const current = 'b'.repeat(before)
      const files = new Files(current)
      const ours = new Cyclog(size, before, files)
      const model = new LogOfC(size, current)
      for (const step of steps) {
        const bytes = Buffer.from('text' in step ? step.text : '')
        switch (step.do) {
          case 'put':
            ours.put(bytes, 0, bytes.length)
            model.put(step.text)
            break
          case 'line':
            ours.put(bytes, 0, bytes.length)
            ours.endLine()
            model.put(step.text)
            model.put('\n')
            break
          case 'stream':
            ours.stream(bytes, 0, bytes.length)
            for (const byte of step.text) model.put(byte)
            break
          case 'pass':
            ours.flush()
            model.flush()
            if (bytes.length > ours.room) break
            ours.pass(bytes, 0, bytes.length)
            model.put(step.text)
            model.flush()
            break
          case 'turn':
            ours.flush()
            ours.drain()
            ours.turn()
            model.flush()
            model.turn()
            break
          case 'flush':
            ours.flush()
            ours.drain()
            model.flush()
            if (files.current !== model.current) return false
        }
      }
      ours.flush()
      ours.drain()
      model.flush()
      return JSON.stringify([files.files, files.current]) === JSON.stringify([model.files, model.current])
    }),
    { numRuns: 1000 },
  )
})

t.test('nothing is lost or changed when writes are short', async () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }), (texts, takes) => {
      const files = new Files('', takes)
      const log = new Cyclog(4096, 0, files)
      for (const each of texts) {
        log.put(Buffer.from(each), 0, each.length)
        log.endLine()
      }
      log.flush()
      log.drain()
      return [...files.files, files.current].join('') === texts.map((each) => `${each}\n`).join('')
    }),
    { numRuns: 300 },
  )
})

t.test('a large run is one write', async (t) => {
  const files = new Files()
  const log = new Cyclog(16777215, 0, files)
  const run = Buffer.alloc(1_000_000, 'x\n')
  log.pass(run, 0, run.length)
  log.drain()
  t.equal(files.writes, 1)
  t.equal(files.current.length, run.length)
})

t.test('after drain nothing is held', async (t) => {
  const files = new Files()
  const log = new Cyclog(99999, 0, files)
  log.put(Buffer.from('a line\n'), 0, 7)
  log.drain()
  t.equal(files.current, '', 'the buffer has not been flushed')
  log.flush()
  log.drain()
  t.equal(files.current, 'a line\n')
})

t.test('room is the distance to where a file may end', async (t) => {
  t.equal(new Cyclog(4096, 0, new Files()).room, 2095)
  t.equal(new Cyclog(4096, 2000, new Files()).room, 95)
  t.equal(new Cyclog(4096, 9000, new Files()).room, 0)
})
