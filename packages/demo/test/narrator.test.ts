import { PassThrough } from 'node:stream'
import t from 'tap'
import { cut, narrate } from '../src/narrator.ts'

function told(terminal: { isTTY: boolean; columns?: number }, environment: NodeJS.ProcessEnv): string {
  const stream = Object.assign(new PassThrough(), terminal)
  const narrator = narrate(stream as unknown as NodeJS.WriteStream, environment)
  narrator.title('1. A title')
  narrator.command('svc -t x')
  narrator.output('')
  narrator.output('a line\n'.padStart(100, '-') + '\nlast\n')
  narrator.result(['it came', 'to this'])
  narrator.plain('plain')
  return String(stream.read())
}

t.test('a pipe gets plain text of 80 columns', async (t) => {
  const text = told({ isTTY: false }, {})
  t.equal(text, `\n1. A title\n   $ svc -t x\n   ${'-'.repeat(74)}...\n   \n   last\n-> it came\n   to this\nplain\n`)
})

t.test('a terminal gets its width and a little style, unless NO_COLOR is set', async (t) => {
  t.match(told({ isTTY: true, columns: 120 }, {}), '\x1b[1m1. A title\x1b[0m')
  t.notMatch(told({ isTTY: true, columns: 120 }, { NO_COLOR: '1' }), '\x1b')
})

t.test('cut leaves what fits', async (t) => {
  t.equal(cut('12345678', 8), '12345678')
  t.equal(cut('123456789', 8), '12345...')
})
