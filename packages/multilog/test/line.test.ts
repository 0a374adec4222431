import fc from 'fast-check'
import t from 'tap'
import { Lines, type LineSink } from '../src/line.ts'

/** The C program's loop, one byte at a time (multilog.c, doit). */
function linesOfC(input: string): string[] {
  const heard: string[] = []
  for (let at = 0; at < input.length; ) {
    let line = ''
    while (line.length < 1000 && at < input.length && input[at] !== '\n') line += input[at++]
    let rest = ''
    if (line.length === 1000) while (at < input.length && input[at] !== '\n') rest += input[at++]
    heard.push(`${line}|${rest}`)
    at++
  }
  return heard
}

class Ears implements LineSink {
  heard: string[] = []
  #line = ''
  #rest = ''
  line(bytes: Buffer, start: number, end: number): void {
    this.#line = bytes.toString('latin1', start, end)
    this.#rest = ''
  }
  more(bytes: Buffer, start: number, end: number): void {
    this.#rest += bytes.toString('latin1', start, end)
  }
  end(): void {
    this.heard.push(`${this.#line}|${this.#rest}`)
  }
}

function cut(input: string, at: readonly number[]): Buffer[] {
  const places = [0, ...[...at].sort((a, b) => a - b), input.length]
  return places.slice(1).map((end, index) => Buffer.from(input.slice(places[index], end), 'latin1'))
}

function hear(pieces: readonly Buffer[]): string[] {
  const lines = new Lines()
  const ears = new Ears()
  for (const piece of pieces) lines.take(piece, ears)
  lines.finish(ears)
  return ears.heard
}

const examples: Record<string, string> = {
  'short lines': 'one\n\ntwo\n',
  'no newline at the end': 'one\ntwo',
  'nothing': '',
  'about 1000 bytes': [999, 1000, 1001].map((n) => `${'y'.repeat(n)}\n`).join('z\n'),
  'the end after 999': 'y'.repeat(999),
  'the end after 1000': 'y'.repeat(1000),
  'the end after 1001': 'y'.repeat(1001),
}

for (const [name, input] of Object.entries(examples)) {
  t.test(`${name}: the same at every split`, async (t) => {
    const expected = linesOfC(input)
    for (let at = 0; at <= input.length; at++) {
      const got = hear(cut(input, [at]))
      if (got.join() !== expected.join()) t.strictSame(got, expected, `cut at ${at}`)
    }
    t.strictSame(hear(cut(input, [])), expected)
  })
}

/** Runs of letters with lengths around the memory's, and newlines. */
const text = fc
  .array(fc.oneof({ weight: 2, arbitrary: fc.constant('\n') }, fc.integer({ min: 0, max: 20 }).map((n) => 'a'.repeat(n)), fc.integer({ min: 990, max: 1010 }).map((n) => 'b'.repeat(n)), fc.constant('c'.repeat(500))), { maxLength: 12 })
  .map((parts) => parts.join(''))

const splitText = text.chain((input) => fc.tuple(fc.constant(input), fc.array(fc.nat(input.length), { maxLength: 6 })))

t.test('any input in any pieces: the lines of the C program', async () => {
  fc.assert(fc.property(splitText, ([input, at]) => JSON.stringify(hear(cut(input, at))) === JSON.stringify(linesOfC(input))), { numRuns: 500 })
})

t.test('skim hands on what take would have told, whichever is used for a piece', async () => {
  fc.assert(
    fc.property(splitText, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), ([input, at], skims) => {
      const taken = new Lines()
      const mixed = new Lines()
      let expected = ''
      let got = ''
      const sink = (write: (text: string) => void): LineSink => ({
        line: (bytes, start, end) => write(bytes.toString('latin1', start, end)),
        more: (bytes, start, end) => write(bytes.toString('latin1', start, end)),
        end: () => write('\n'),
      })
      const one = sink((text) => (expected += text))
      const other = sink((text) => (got += text))
      for (const [index, piece] of cut(input, at).entries()) {
        taken.take(piece, one)
        if (skims[index]) mixed.skim(piece, (bytes, start, end) => (got += bytes.toString('latin1', start, end)))
        else mixed.take(piece, other)
        if (got !== expected || mixed.remembered !== taken.remembered) return false
      }
      taken.finish(one)
      mixed.finish(other)
      return got === expected
    }),
    { numRuns: 300 },
  )
})
