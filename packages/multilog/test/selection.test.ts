import t from 'tap'
import { Cyclog } from '../src/cyclog.ts'
import { parseScript } from '../src/script.ts'
import { Selection } from '../src/selection.ts'

function select(args: string[], line: string): string[] {
  const heard: string[] = []
  const { actions, directories } = parseScript(args)
  const logs = directories.map(
    ({ path }) =>
      new Cyclog(99999, 0, {
        write(bytes, start, end) {
          heard.push(`${path}: ${bytes.toString('latin1', start, end)}`)
          return end - start
        },
        rotate: () => undefined,
      }),
  )
  const selection = new Selection(actions, logs, {
    alert: (bytes, start, end) => void heard.push(`e: ${bytes.toString('latin1', start, end)}`),
    status: (file, bytes, start, end) => void heard.push(`=${file}: ${bytes.toString('latin1', start, end)}`),
  })
  const bytes = Buffer.from(line, 'latin1')
  selection.line(bytes, 0, bytes.length)
  selection.more(Buffer.from('+'), 0, 1)
  selection.end()
  for (const log of logs) {
    log.flush()
    log.drain()
  }
  return heard
}

t.test('actions go by what is selected at their place, logs come last', async (t) => {
  t.strictSame(select(['./a', '-*b*', 'e', '=x', './b', '+abc', '=y', './c', 'e'], 'abc'), ['=1: abc', 'e: abc', './a: abc+\n', './c: abc+\n'])
})

t.test('a line that is selected stays so until a pattern matches', async (t) => {
  t.strictSame(select(['-b', '+b', './a'], 'a'), ['./a: a+\n'])
  t.strictSame(select(['-*', './a'], 'a'), [])
})

t.test('without patterns, e and =, every log gets everything, even the rest of a line that was begun elsewhere', async (t) => {
  t.equal(new Selection(parseScript(['t', './a', './b']).actions, [], { alert: () => undefined, status: () => undefined }).everything, true)
  t.equal(new Selection(parseScript(['./a', 'e']).actions, [], { alert: () => undefined, status: () => undefined }).everything, false)
})
