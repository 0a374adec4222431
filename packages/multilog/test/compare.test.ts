// whole command
/** The same input and script, through the C program and through ours: no difference in files, modes, contents, stderr and exit code. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describeFolder } from './folder.ts'
import { makeFolder, noReference, ours, reference, run } from './programs.ts'
import { makeLines, makeRandom } from './random.ts'

interface Case {
  name: string
  script: string[]
  input: string
  /** Prepares the folder in which it runs. */
  prepare?: (folder: string) => void
}

const short = 'one\ntwo\nthree\n'
const lines = makeLines(1, 2000, 100)
const shortLines = makeLines(2, 12000, 20)
const longLines = makeLines(3, 200, 3000)
const random = makeRandom(4)
const binary = Array.from({ length: 60_000 }, () => String.fromCharCode(random(256))).join('')
const fewNewlines = Array.from({ length: 60_000 }, () => (random(1500) === 0 ? '\n' : String.fromCharCode(97 + random(26)))).join('')
const manyNewlines = Array.from({ length: 30_000 }, () => (random(3) > 0 ? '\n' : 'a')).join('')

function inside(name: string, content: string, mode: number): (folder: string) => void {
  return (folder) => put(folder, name, content, mode)
}

function put(folder: string, name: string, content: string, mode: number): void {
  mkdirSync(join(folder, 'd'), { recursive: true, mode: 0o755 })
  writeFileSync(join(folder, 'd', name), content)
  chmodSync(join(folder, 'd', name), mode)
}

const wordy = ['apple', 'banana', 'cherry: 17', '', '*', 'fatal: disk', 'info fatal', 'a*b', 'aXb', 'ab'].join('\n') + '\n'

const cases: Case[] = [
  // These take seconds, most of them waiting, and so come first.
  { name: 'a processor fails once', script: ['s4096', '!test -e ../once || { touch ../once; exit 3; }; cat', './d'], input: lines.slice(0, 5000) },
  { name: 'a processor crashes once', script: ['s4096', '!test -e ../once || { touch ../once; kill -9 $$; }; cat', './d'], input: lines.slice(0, 5000) },
  { name: 'a processor fails when it cannot start', script: ['s4096', '!test -e ../once || { touch ../once; exec /nowhere; }; cat', './d'], input: lines.slice(0, 5000) },
  { name: 'no script', script: [], input: short },
  { name: 'no directory', script: ['t', '-*'], input: short },
  { name: 'one directory', script: ['./d'], input: short },
  { name: 'timestamps', script: ['t', './d'], input: short },
  { name: 'anything that begins with t, first', script: ['tomorrow', './d'], input: short },
  { name: 't later means nothing', script: ['./d', 't', './e'], input: short },
  { name: 'what means nothing is ignored', script: ['', 'x', 'q', './d', 'zzz'], input: short },
  { name: 'no input', script: ['t', './d'], input: '' },
  { name: 'empty lines', script: ['./d'], input: '\n\n\n' },
  { name: 'empty lines with timestamps', script: ['t', './d'], input: '\n\n\n' },
  { name: 'no newline at the end', script: ['t', './d'], input: 'one\ntwo' },
  { name: 'NULs', script: ['./d', '-*b*', './e'], input: 'a\0b\n\0\0\nc\0' },
  { name: 'deselection', script: ['-*a*', './d'], input: wordy },
  { name: 'selection after deselection', script: ['-*', '+*fatal*', './d'], input: wordy },
  { name: 'two directories, each by its place', script: ['./d', '-*a*', './e', '+*b*', './f'], input: wordy },
  { name: 'a star that finds a star', script: ['-**', './d', '+*', '-a**b', './e'], input: wordy },
  { name: 'the empty pattern', script: ['-', './d', '+', './e'], input: wordy },
  { name: '-- is a pattern', script: ['--', './d'], input: '-\n--\nx\n' },
  { name: 'patterns see the timestamp', script: ['t', '-apple', '-@*banana', './d'], input: wordy },
  { name: 'e', script: ['e'], input: wordy },
  { name: 'e with timestamps and long lines', script: ['-*9*', 'e', './d'], input: longLines },
  { name: 'e of 199 to 202 bytes', script: ['e'], input: [199, 200, 201, 202].map((n) => 'y'.repeat(n) + '\n').join('') },
  { name: 'a status file', script: ['=st', './d'], input: wordy },
  { name: 'two status files by selection', script: ['t', '=st', '-*b*', '=su'], input: wordy },
  { name: 'a status file keeps its tail', script: ['=st'], input: short, prepare: (folder) => writeFileSync(join(folder, 'st'), 'z'.repeat(1500)) },
  { name: 'the status of a long line', script: ['=st'], input: longLines },
  { name: 'lines of about 1000 bytes', script: ['-*q', '=st', './d'], input: [998, 999, 1000, 1001, 1002].map((n) => 'y'.repeat(n) + '\n').join('') },
  { name: 'the end of input after 999 bytes', script: ['./d'], input: 'y'.repeat(999) },
  { name: 'the end of input after 1000 bytes', script: ['./d'], input: 'y'.repeat(1000) },
  { name: 'the end of input after 974 bytes with timestamp', script: ['t', '-*q', './d'], input: 'y'.repeat(974) },
  { name: 'a pattern beyond 1000 bytes', script: ['-*END', './d'], input: `${'y'.repeat(996)}END\n${'y'.repeat(997)}END\n${'y'.repeat(998)}END\n` },
  { name: 'rotation at the smallest size', script: ['s4096', './d'], input: lines },
  { name: 'rotation with timestamps', script: ['t', 's4096', 'n30', './d'], input: lines },
  { name: 'rotation at the default size', script: ['./d'], input: lines + lines },
  { name: 'rotation at the default size with timestamps', script: ['t', './d'], input: lines + lines },
  { name: 'rotation of short lines', script: ['s5000', 'n100', './d'], input: shortLines },
  { name: 'rotation of short lines with timestamps', script: ['t', 's20000', 'n100', './d'], input: shortLines },
  { name: 'rotation of long lines', script: ['s4096', 'n1000', './d'], input: longLines },
  { name: 'rotation of long lines with timestamps', script: ['t', 's8192', 'n1000', './d'], input: longLines },
  { name: 'rotation with patterns', script: ['s4096', 'n1000', '-*7*', './d', '+*77*', 's30000', './e'], input: lines },
  { name: 'rotation with patterns and timestamps', script: ['t', 's4096', 'n1000', `-*${'x'.repeat(20)}*`, './d', `+*${'x'.repeat(80)}*`, './e'], input: lines },
  { name: 'one line without end', script: ['s4096', 'n100', './d'], input: 'z'.repeat(30_000) },
  { name: 'binary', script: ['s4096', 'n100', './d'], input: binary },
  { name: 'binary with patterns', script: ['s4096', 'n100', '-*a*', './d', '+*b*', './e'], input: binary },
  { name: 'few newlines', script: ['s4096', 'n100', './d', 's6000', './e'], input: fewNewlines },
  { name: 'few newlines with timestamps', script: ['t', 's4096', 'n100', './d', 's100000', './e'], input: fewNewlines },
  { name: 'many newlines', script: ['s4096', 'n100', './d'], input: manyNewlines },
  { name: 'many newlines with timestamps', script: ['t', 's4096', 'n1000', './d'], input: manyNewlines },
  { name: 'n1 is n2', script: ['s4096', 'n1', './d'], input: lines },
  { name: 'n without digits is n2', script: ['s4096', 'nx', './d'], input: lines },
  { name: 'sizes out of range', script: ['s1', 'n30', './d', 's99999999', './e', 's-5', './f'], input: lines },
  { name: 'numbers wrap at 2^64', script: ['s18446744073709556616', 'n18446744073709551620', './d'], input: lines },
  { name: 'later s and n for later directories', script: ['s4096', 'n3', './d', 's8192', 'n5', './e'], input: lines },
  { name: 'a processor', script: ['s4096', 'n4', '!tr 0-9 a-j', './d'], input: lines },
  { name: 'a processor with a state', script: ['s4096', '!cat <&4 >&5; wc -c >&5; pwd -P >/dev/null; cat /dev/null', './d'], input: lines.slice(0, 20_000) },
  { name: 'a processor writes to stderr', script: ['s4096', '!wc -l >&2', './d'], input: lines },
  { name: 'the empty processor', script: ['s4096', '!', './d'], input: lines },
  { name: 'a processor for one of two', script: ['s4096', './d', '!sort', './e'], input: lines },
  { name: 'a processor gets 0 1 2 4 5', script: ['s8192', '!for fd in 0 1 2 3 4 5 6 7 8 9; do test -e /proc/self/fd/$fd && echo $fd; done >&2; cat', './d'], input: lines.slice(0, 9000) },
  { name: 'after a clean end', script: ['./d'], input: short, prepare: inside('current', 'before\n', 0o744) },
  { name: 'after an unclean end', script: ['./d'], input: short, prepare: inside('current', 'before\n', 0o644) },
  { name: 'current longer than s', script: ['s4096', './d'], input: short, prepare: inside('current', lines.slice(0, 9800), 0o744) },
  { name: 'too many old files', script: ['n3', './d'], input: short, prepare: (folder) => {
    for (let i = 0; i < 9; i++) put(folder, `@40000000000000000000000${i}.s`, `${i}\n`, 0o744)
    put(folder, '@short', 'kept', 0o644)
    put(folder, '@400000000000000000000000.s.gz', 'counted', 0o644)
    put(folder, 'current', 'before\n', 0o644)
  } },
  { name: 'a previous that is not processed', script: ['!cat', './d'], input: short, prepare: (folder) => {
    put(folder, 'previous', 'before\n', 0o744)
    put(folder, 'processed', 'half', 0o644)
    put(folder, 'state', 'old', 0o644)
    put(folder, 'newstate', 'half', 0o644)
  } },
  { name: 'a processed that is whole', script: ['!cat', './d'], input: short, prepare: (folder) => {
    put(folder, 'previous', 'before\n', 0o744)
    put(folder, 'processed', 'after\n', 0o744)
    put(folder, 'current', 'late\n', 0o644)
  } },
  { name: 'a directory with another mode is kept', script: ['./d'], input: short, prepare: (folder) => mkdirSync(join(folder, 'd'), { mode: 0o750 }) },
  { name: 'no parent', script: ['./no/d'], input: short },
  { name: 'a file instead of a directory', script: ['./d'], input: short, prepare: (folder) => writeFileSync(join(folder, 'd'), '') },
  { name: 'the same directory twice', script: ['./d', './d'], input: short },
  { name: 'a lock that is a directory', script: ['./d'], input: short, prepare: (folder) => mkdirSync(join(folder, 'd', 'lock'), { recursive: true }) },
  { name: 'a clean current that is a directory', script: ['./d'], input: short, prepare: (folder) => mkdirSync(join(folder, 'd', 'current'), { recursive: true }) },
  { name: 'a state that is a directory', script: ['./d'], input: short, prepare: (folder) => mkdirSync(join(folder, 'd', 'state'), { recursive: true }) },
  { name: 'a status file that is a directory', script: ['=d', './e'], input: short, prepare: (folder) => mkdirSync(join(folder, 'd')) },
  { name: 'a status file without a name', script: ['='], input: short },
  { name: 'names with spaces and UTF-8', script: ['./d é', '=st é', '-*é*', './e'], input: 'caf\xc3\xa9\ncafe\n' },
  { name: 'an error with a name in UTF-8', script: ['./no é/d'], input: short },
]

t.test('multilog does what the C program does', { skip: noReference, jobs: 6, timeout: 60_000 }, async (t) => {
  const folder = makeFolder(t)
  for (const [number, { name, script, input, prepare }] of cases.entries()) {
    t.test(name, async (t) => {
      const source = join(folder, `${number}.input`)
      writeFileSync(source, input, 'latin1')
      const [expected, got] = await Promise.all(
        [reference, ours].map(async (program, which) => {
          const place = join(folder, `${number}.${which}`)
          mkdirSync(place)
          prepare?.(place)
          const outcome = await run(program, script, place, source)
          return { outcome, files: describeFolder(place) }
        }),
      )
      t.strictSame(got, expected)
    })
  }
})

t.test('a standard input that cannot be read is an empty one', { skip: noReference }, async (t) => {
  const folder = makeFolder(t)
  for (const program of [reference, ours]) {
    const outcome = await run(program, ['./d'], folder, folder)
    t.strictSame(outcome, { code: 0, signal: null, stderr: '' })
  }
})
