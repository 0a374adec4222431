import t from 'tap'
import { parseScript } from '../src/script.ts'

const pattern = (text: string): Uint8Array => Buffer.from(text, 'latin1')

t.test('every action, in order', async (t) => {
  t.strictSame(parseScript(['t', '-*', '+a*', 'e', '=st', '.', '/var/log', '=su']), {
    timestamp: true,
    actions: [
      { do: 'deselect', pattern: pattern('*') },
      { do: 'select', pattern: pattern('a*') },
      { do: 'alert' },
      { do: 'status', file: 0 },
      { do: 'log', directory: 0 },
      { do: 'log', directory: 1 },
      { do: 'status', file: 1 },
    ],
    statusFiles: ['st', 'su'],
    directories: [
      { path: '.', size: 99999, count: 10, processor: undefined },
      { path: '/var/log', size: 99999, count: 10, processor: undefined },
    ],
  })
})

t.test('t counts only as the first argument, whatever follows it', async (t) => {
  t.equal(parseScript(['t']).timestamp, true)
  t.equal(parseScript(['t100']).timestamp, true)
  t.equal(parseScript(['./d', 't']).timestamp, false)
  t.equal(parseScript([]).timestamp, false)
})

t.test('what means nothing is ignored', async (t) => {
  t.strictSame(parseScript(['', 'x', 'S9', '\xff']), { timestamp: false, actions: [], statusFiles: [], directories: [] })
})

t.test('s, n and ! hold for later directories', async (t) => {
  const { directories } = parseScript(['./a', 's5000', 'n3', '!gzip', './b', 's6000', '!', './c'])
  t.strictSame(directories, [
    { path: './a', size: 99999, count: 10, processor: undefined },
    { path: './b', size: 5000, count: 3, processor: 'gzip' },
    { path: './c', size: 6000, count: 3, processor: '' },
  ])
})

for (const [text, size] of [
  ['s', 4096], ['s4095', 4096], ['s4096', 4096], ['s4097x9', 4097], ['s16777215', 16777215], ['s16777216', 16777215],
  ['s-1', 4096], ['s18446744073709556616', 5000],
] as const) {
  t.test(`${text} is a size of ${size}`, async (t) => {
    t.equal(parseScript([text, './d']).directories[0]!.size, size)
  })
}

for (const [text, count] of [['n', 2], ['n1', 2], ['n2', 2], ['n007', 7], ['n18446744073709551620', 4]] as const) {
  t.test(`${text} is a count of ${count}`, async (t) => {
    t.equal(parseScript([text, './d']).directories[0]!.count, count)
  })
}

t.test('patterns are bytes', async (t) => {
  t.strictSame(parseScript(['-\xc3\xa9']).actions, [{ do: 'deselect', pattern: new Uint8Array([0xc3, 0xa9]) }].map((a) => ({ ...a, pattern: Buffer.from(a.pattern) })))
})
