import { formatLabel, fromUnix } from '@daemontools-ts/tai64'
import fc from 'fast-check'
import t from 'tap'
import { Stamper } from '../src/stamp.ts'

/** A clock that goes on by 0.3 seconds with each look. */
function makeClock(): () => { seconds: number; nanoseconds: number } {
  let tenths = 12345678907
  return () => {
    tenths += 3
    return { seconds: Math.floor(tenths / 10), nanoseconds: (tenths % 10) * 1e8 + 500 }
  }
}

function stamp(input: string): string {
  const clock = makeClock()
  return input.replace(/[^\n]*\n|[^\n]+$/g, (line) => {
    const { seconds, nanoseconds } = clock()
    return `${formatLabel(fromUnix(seconds, nanoseconds))} ${line}`
  })
}

t.test('a label and a space come before each line, the empty ones too', async (t) => {
  const stamper = new Stamper(() => ({ seconds: 935467445, nanoseconds: 787492500 }))
  t.equal(stamper.take(Buffer.from('mark\n\n')).toString(), '@4000000037c219bf2ef02e94 mark\n@4000000037c219bf2ef02e94 \n')
})

t.test('the time is taken at the first byte of a line, in any pieces', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\0'), maxLength: 40 })
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 5 }), (input, at) => {
      const stamper = new Stamper(makeClock())
      const places = [0, ...at.sort((a, b) => a - b), input.length]
      const got = places.slice(1).map((end, index) => stamper.take(Buffer.from(input.slice(places[index], end))).toString())
      return got.join('') === stamp(input)
    }),
  )
})
