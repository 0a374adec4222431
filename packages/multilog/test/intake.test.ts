import fc from 'fast-check'
import t from 'tap'
import { Cyclog } from '../src/cyclog.ts'
import { Intake } from '../src/intake.ts'
import { match } from '../src/match.ts'
import { parseScript, type Script } from '../src/script.ts'
import { Selection } from '../src/selection.ts'
import { LogOfC } from './model.ts'
import { makeRandom } from './random.ts'

const label = '@4000000037c219bf2ef02e94'
const stamp = `${label} `

/** The files of each log, current last, by the C program's loop (multilog.c, doit) on reads of 1024 bytes. */
function filesOfC({ timestamp, actions, directories }: Script, input: string): string[][] {
  const logs = directories.map(({ size }) => new LogOfC(size))
  let at = 0
  const getc = (): string | undefined => {
    if (at % 1024 === 0 || at === input.length) for (const log of logs) log.flush()
    return input[at++]
  }
  for (let ended = false; !ended; ) {
    let line = ''
    while (line.length < 1000) {
      const byte = getc()
      if (byte === undefined) {
        ended = true
        break
      }
      if (line === '' && timestamp) line = stamp
      if (byte === '\n') {
        at--
        break
      }
      line += byte
    }
    if (ended && line === '') break
    let selected = true
    const chosen: LogOfC[] = []
    for (const action of actions) {
      const matches = (): boolean => 'pattern' in action && match(action.pattern, Buffer.from(line, 'latin1'), 0, line.length)
      if (action.do === 'select') selected ||= matches()
      else if (action.do === 'deselect') selected &&= !matches()
      else if (action.do === 'log' && selected) chosen.push(logs[action.directory]!)
    }
    for (const log of chosen) log.put(line)
    if (!ended && line.length < 1000) at++
    else
      while (!ended) {
        const byte = getc()
        if (byte === undefined) ended = true
        else if (byte === '\n') break
        else for (const log of chosen) log.put(byte)
      }
    for (const log of chosen) log.put('\n')
  }
  for (const log of logs) log.flush()
  return logs.map((log) => [...log.files, log.current])
}

function filesOfOurs({ timestamp, actions, directories }: Script, input: string, read: (most: number) => number, tell = () => label): string[][] {
  const files = directories.map(() => [''])
  const logs = directories.map(
    ({ size }, index) =>
      new Cyclog(size, 0, {
        write(bytes, start, end) {
          files[index]![files[index]!.length - 1] += bytes.toString('latin1', start, end)
          return end - start
        },
        rotate: () => void files[index]!.push(''),
      }),
  )
  const selection = new Selection(actions, logs, { alert: () => undefined, status: () => undefined })
  const intake = new Intake(selection, logs, timestamp ? tell : undefined)
  const bytes = Buffer.from(input, 'latin1')
  for (let at = 0; at < bytes.length; ) {
    const length = read(intake.appetite)
    intake.take(bytes.subarray(at, at + length))
    at += length
  }
  intake.finish()
  return files
}

const scripts: Record<string, string[]> = {
  'one log': ['s4096', './a'],
  'two logs': ['s4096', './a', 's9000', './b'],
  'timestamps': ['t', 's4096', './a'],
  'timestamps and a large log': ['t', 's40000', './a'],
  'patterns': ['-*b*', 's5000', './a', '+*c*', 's4096', './b'],
  'patterns and timestamps': ['t', '-*x*', 's6000', './a', '+*y*', 's4096', './b', '-*', './c'],
  'a large log': ['s60000', './a'],
}

/** Text whose lines are mostly so long. */
function makeText(seed: number, length: number, line: number): string {
  const random = makeRandom(seed)
  return Array.from({ length }, () => (random(line) === 0 ? '\n' : 'abcxyz'[random(6)])).join('')
}

for (const [name, args] of Object.entries(scripts)) {
  t.test(`${name}: the files of the C program, however much is read at a time`, async () => {
    const script = parseScript(args)
    fc.assert(
      fc.property(fc.nat(), fc.nat(70_000), fc.constantFrom(2, 30, 100, 900, 5000), fc.boolean(), (seed, length, line, asAsked) => {
        const input = makeText(seed, length, line)
        const random = makeRandom(seed)
        // The C program reads 1024 bytes, so what we read has to be a multiple of that for the same cuts.
        const got = filesOfOurs(script, input, (most) => (asAsked ? most : 1024 * (1 + random(64))))
        return JSON.stringify(got) === JSON.stringify(filesOfC(script, input))
      }),
      { numRuns: 25 },
    )
  })
}

t.test('a clock that goes on: labels are in order, and each line has one, wherever reads and files end', async () => {
  const script = parseScript(['t', 's9000', './a'])
  fc.assert(
    fc.property(fc.nat(), fc.nat(70_000), fc.constantFrom(2, 30, 100, 900), (seed, length, line) => {
      const input = makeText(seed, length, line)
      const random = makeRandom(seed)
      let ticks = 0
      const tell = (): string => `@${`${++ticks}`.padStart(24, '0')}`
      const lines = filesOfOurs(script, input, () => 1 + random(20_000), tell)[0]!.join('').split('\n').slice(0, -1)
      const labels = lines.map((each) => each.slice(0, 26))
      const text = lines.map((each) => `${each.slice(26)}\n`).join('')
      return labels.every((each, index) => /^@\d{24} $/.test(each) && (index === 0 || each >= labels[index - 1]!)) && text === input.replace(/[^\n]$/, '$&\n')
    }),
    { numRuns: 50 },
  )
})

t.test('every complete line has been written when take returns', async (t) => {
  for (const args of [['./a'], ['t', './a'], ['-*q', './a']]) {
    const script = parseScript(args)
    let written = ''
    const log = new Cyclog(99999, 0, {
      write(bytes, start, end) {
        written += bytes.toString('latin1', start, end)
        return end - start
      },
      rotate: () => undefined,
    })
    const intake = new Intake(
      new Selection(script.actions, [log], { alert: () => undefined, status: () => undefined }),
      [log],
      script.timestamp ? () => label : undefined,
    )
    const mark = script.timestamp ? stamp : ''
    intake.take(Buffer.from('one\ntwo\nthr'))
    t.equal(written, `${mark}one\n${mark}two\n`)
    intake.take(Buffer.from('ee\n'))
    t.equal(written, `${mark}one\n${mark}two\n${mark}three\n`)
    intake.take(Buffer.from('z'.repeat(2000)))
    t.equal(written.length, 14 + 3 * mark.length + mark.length + 2000, 'a long line is written as it comes')
  }
})

t.test('what is asked for is in pieces of 1024 bytes, and hardly more than a file has room for', async (t) => {
  const script = parseScript(['./a'])
  const log = new Cyclog(99999, 0, { write: (_bytes, start, end) => end - start, rotate: () => undefined })
  const intake = new Intake(new Selection(script.actions, [log], { alert: () => undefined, status: () => undefined }), [log])
  for (const pieces of [1, 2, 4, 8, 16, 32]) {
    t.equal(intake.appetite, pieces * 1024, 'twice as much each time, at first')
    intake.take(Buffer.alloc(1024, 'x\n'))
  }
  t.equal(intake.appetite, 65536)
  intake.take(Buffer.alloc(58 * 1024, 'x\n'))
  t.equal(intake.appetite, 31 * 1024)
  intake.take(Buffer.alloc(31 * 1024, 'x\n'))
  t.equal(intake.appetite, 1024)
})
