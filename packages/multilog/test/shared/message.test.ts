import fc from 'fast-check'
import t from 'tap'
import { exitWith, mostBytes, parseMessage, refusal, runArgument, show } from '../../src/shared/message.ts'

t.test('parseMessage: what a stand-in says, as docs/design/logging.md has it', async (t) => {
  t.strictSame(parseMessage('H1\0multilog\0t\0./d\0'), { kind: 'hello', args: ['multilog', 't', './d'] })
  t.strictSame(parseMessage('H1\0multilog\0\0'), { kind: 'hello', args: ['multilog', ''] }, 'an empty argument is one')
  t.strictSame(parseMessage('T'), { kind: 'terminate' })
  t.strictSame(parseMessage('A'), { kind: 'alarm' })
  t.strictSame(parseMessage('C'), { kind: 'continued' })
  t.strictSame(parseMessage('e'), { kind: 'shown' })
  t.strictSame(parseMessage('Pc\x6f'), { kind: 'processed', end: { code: 111 } })
  t.strictSame(parseMessage('Ps\x09'), { kind: 'processed', end: { signal: 9 } })
  t.strictSame(parseMessage('Pf\x0b'), { kind: 'processed', end: { errno: 11 } })
})

t.test('parseMessage: of another version, or nothing that is known, is unknown', async (t) => {
  for (const text of ['', 'H', 'H1', 'H1\0', 'H2\0multilog\0', 'H11\0multilog\0', 'P', 'Pc', 'Pcxx', 'Px1', 'Q', '\0']) t.strictSame(parseMessage(text), { kind: 'unknown' }, JSON.stringify(text))
})

t.test('what a stand-in is told', async (t) => {
  t.equal(exitWith(111).toString('latin1'), 'Xo')
  t.equal(exitWith(0).toString('latin1'), 'X\0')
  t.equal(runArgument(12).toString('latin1'), 'P12')
  t.equal(refusal('no').toString('latin1'), 'Nno')
  t.equal(refusal('x'.repeat(5000)).length, mostBytes)
})

t.test('show: nothing is lost, nothing is too long, lines are whole where they can be', async () => {
  const line = fc.oneof({ weight: 5, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(10_000) }).map((length) => `${'x'.repeat(length)}\n`)
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (texts) => {
      let shown = ''
      for (let rest: string[] = texts; rest.length > 0; ) {
        const { message, rest: left } = show(rest)
        const text = message.toString('latin1')
        if (text[0] !== 'E' || text.length < 2 || text.length > mostBytes) return false
        if (rest[0]!.length < mostBytes && !text.endsWith('\n')) return false
        shown += text.slice(1)
        rest = left
      }
      return shown === texts.join('')
    }),
  )
})
