/** multilog: patterns, scripts, recovery, rotation, and what it cannot open. More of the same is in packages/multilog/test/compare.test.ts. */
import { jobs, labels, type Mask } from '../masks.ts'
import { call, quote, type Row, shown } from '../row.ts'
import { directory, fifo, file, link, type Tree } from '../stage.ts'

const masks: readonly Mask[] = [labels, jobs]

function log(name: string, script: readonly string[], input: string, more: Partial<Row> = {}): Row {
  return { command: 'multilog', name, script: call('multilog', ...script), input, masks, ...more }
}

const subjects = [
  '', 'a', 'b', 'ab', 'abb', 'ba', 'baa', 'aa', 'aaa', 'aab', 'banana', 'bandana', 'a*b', 'aXb', '*', '**', '***', '* ', ' *', ' ', '  ', 'a b', 'fatal: disk', 'info fatal', 'info fatal: x', ':', 'a:b:c', '-', '--', '+', '+a', '-a', '?', '[a]', '\\', '\\*', '\t', 'a\tb', '\r', 'a\r', '\xff', 'caf\xc3\xa9', 'cafe', '\0', 'a\0b', '@', '@4000000037c219bf2ef02e94 x', 'A', 'x'.repeat(200), `${'x'.repeat(998)}ab`, `${'x'.repeat(999)}ab`, `${'a'.repeat(1000)}b`,
]
const patterns = [
  '', '*', '**', '***', '****', 'a', 'b', 'a*', '*a', '*a*', '**a', 'a**', 'a*b', 'a*b*', '*a*b', '*a*b*', '*an', '*na', '*an*', '*ana', 'b*a', '*b', 'b*', '*bb', 'a*a', 'a*a*a', '*aa', '*aab', ' ', '* ', ' *', '* *', '*:*', '*: *', '*fatal*', '*fatal: *', 'fatal*', '*:*:*', '-', '-*', '+', '+*', '*-', '?', '??', '[a]', '[a-z]*', '\\*', '\\', '*\\', '.', '.*', '^a', 'a$', '*\t*', '*\r', '*\xff', '*\xff*', '*\xc3\xa9', '*\xc3*', '@*', '@* *', 'A', '*A', 'x*', '*xab', '*x*ab', '*x*b', '*ab', 'x'.repeat(200), `${'x'.repeat(998)}ab`, '*a*a*a*a*a*', '*n*n*', '*\\*', 'a\\*b',
]

const text = 'one\ntwo\nthree\n'
const lines = Array.from({ length: 700 }, (_, n) => `${n} ${'abcdefghij'.repeat(n % 9)}\n`).join('')

const numbers = ['', '0', '1', '2', '3', '4095', '4096', '4097', '8192x', '008192', '-1', '+5000', ' 5000', '5,000', '1e4', '0x2000', '99999999999', '4294967296', '4294971392', '18446744073709551616', '18446744073709555712', '16777215', '16777216']

/** What a crash may leave: each file absent, unfinished (0644) or finished (0744). */
const leftovers = ['none', 'empty', '644', '744'].flatMap((current) => ['none', '644', '744'].flatMap((previous) => ['none', '644', '744'].flatMap((processed) => [false, true].map((processor): Row => {
  const at = (name: string, mode: string): Tree => (mode === 'none' ? {} : { [`d/${name}`]: file(mode === 'empty' ? '' : `${name}\n`, mode === 'empty' ? 0o644 : parseInt(mode, 8)) })
  const state: Tree = processor ? { 'd/state': file('state\n'), 'd/newstate': file('newstate\n') } : {}
  return log(`after a crash: current ${current}, previous ${previous}, processed ${processed}${processor ? ', with state' : ''}`, processor ? ['!cat', './d'] : ['./d'], text, { setup: { d: directory(0o700), ...at('previous', previous), ...at('processed', processed), ...at('current', current), ...state } })
}))))

const odd = [...' "#$%&\'()*,0129:;<>?@ABTZ[\\]^_`abdfghijklmoqruvwxyz{|}~\x01\x7f\xff']

const running = 'mkfifo in; "$BIN/multilog" SCRIPT <in 2>&1 &\nlogger=$!\nexec 7>in\n'
const run = (script: string): string => running.replace('SCRIPT', script)

const obstacles: Readonly<Record<string, { script: string[]; setup?: Tree; user?: 'nobody' }>> = {
  'no parent': { script: ['./no/d'] },
  'a file in place of the directory': { script: ['./d'], setup: { d: file() } },
  'a dangling link in place of the directory': { script: ['./d'], setup: { d: link('nowhere') } },
  'a link to the directory': { script: ['./d'], setup: { real: directory(0o750), d: link('real') } },
  'a loop': { script: ['./d'], setup: { d: link('d') } },
  'the directory may not be written': { script: ['./d'], setup: { d: directory(0o755) }, user: 'nobody' },
  'the directory may not be entered': { script: ['./d'], setup: { d: directory(0o700) }, user: 'nobody' },
  'the directory may not be read': { script: ['./d'], setup: { d: directory(0o733) }, user: 'nobody' },
  'the directory may not be made': { script: ['./d'], user: 'nobody' },
  'everybody may write into the directory': { script: ['./d'], setup: { d: directory(0o777) }, user: 'nobody' },
  'an old current of another': { script: ['./d'], setup: { 'd/current': file('old\n', 0o744), d: directory(0o777) }, user: 'nobody' },
  'an old current of another that may be written': { script: ['./d'], setup: { 'd/current': file('old\n', 0o766), d: directory(0o777) }, user: 'nobody' },
  'a lock of another': { script: ['./d'], setup: { 'd/lock': file('', 0o600), d: directory(0o777) }, user: 'nobody' },
  'the same directory twice': { script: ['./d', './d'] },
  'the same directory by two names': { script: ['./d', './d/../d'] },
  'lock a directory': { script: ['./d'], setup: { 'd/lock': directory() } },
  'lock a FIFO': { script: ['./d'], setup: { 'd/lock': fifo() } },
  'lock a dangling link': { script: ['./d'], setup: { 'd/lock': link('elsewhere') } },
  'lock a loop': { script: ['./d'], setup: { 'd/lock': link('lock') } },
  'current a directory': { script: ['./d'], setup: { 'd/current': directory(0o744) } },
  'current a loop': { script: ['./d'], setup: { 'd/current': link('current') } },
  'current a FIFO': { script: ['./d'], setup: { 'd/current': fifo(0o744) } },
  'current a link to a clean file': { script: ['./d'], setup: { real: file('real\n', 0o744), 'd/current': link('../real') } },
  'current a dangling link': { script: ['./d'], setup: { 'd/current': link('../nowhere') } },
  'processed a loop': { script: ['./d'], setup: { 'd/processed': link('processed') } },
  'state a directory': { script: ['./d'], setup: { 'd/state': directory() } },
  'newstate a directory': { script: ['./d'], setup: { 'd/newstate': directory() } },
  'the second directory cannot be made': { script: ['./d', './no/e'] },
  'a status file in a missing directory': { script: ['=no/st', './d'] },
  'a status file that is a directory': { script: ['=e', './d'], setup: { e: directory() } },
  'a status file that is a FIFO': { script: ['=e', './d'], setup: { e: fifo() } },
  'a status file that is a loop': { script: ['=e', './d'], setup: { e: link('e') } },
  'a status file of another': { script: ['=e'], setup: { e: file('', 0o644) }, user: 'nobody' },
  'a status file without a name': { script: ['=', './d'] },
  'a long name': { script: [`./${'x'.repeat(255)}`] },
  'a name that is too long': { script: [`./${'x'.repeat(256)}`] },
  'a path that is too long': { script: [`./${'x/'.repeat(2500)}`] },
  'a name that is no text': { script: ['./odd\xff\n', '=st\xfe'] },
  'an absolute name that is missing': { script: ['/nowhere/at/all'] },
}

export const multilogRows: Row[] = [
  // some of these wait for seconds, and so come first
  log('a processor fails once', ['s4096', '!test -e ../once || { touch ../once; exit 3; }; cat', './d'], lines.slice(0, 5000)),
  log('a processor cannot start once', ['s4096', '!test -e ../once || { touch ../once; exec /nowhere; }; cat', './d'], lines.slice(0, 5000)),
  ...patterns.map((pattern) => log(`pattern "${shown(pattern.slice(0, 30))}"${pattern.length > 30 ? ` (${pattern.length} characters)` : ''}`, ['-*', `+${pattern}`, './matching', '+*', `-${pattern}`, './others'], subjects.map((line) => `${line}\n`).join(''))),
  ...['@*', '*one', '@* one', '@4*', '* *', '* t*', '@4000000037c219bf2ef02e94 x'].map((pattern) => log(`pattern "${pattern}", with timestamps`, ['t', '-*', `+${pattern}`, './matching', 'e'], text)),
  ...[['t'], ['tx'], ['T'], ['./d', 't'], ['', 't'], ['t', 't'], ['e', 't'], ['-one', 'e'], ['-*', 'e'], ['+*', 'e'], ['e', '-*', 'e'], ['e', 'e', 'e'], ['exit', './d'], ['t', 'e'], ['--'], ['--', 'e'], ['-', 'e'], ['+', 'e'], ['-h'], ['--help'], ['-*', './d'], ['=st'], ['t', '=st'], ['=st', '-two', '=su', './d'], ['-*', '=st'], ['n5'], ['s5000'], ['!cat'], ['.'], ['./'], ['.d'], ['./d/'], ['./d', './e', './f'], ['-one', './d', '+*', './e', '-t*', './f']].map((script) => log(`script ${script.map(quote).join(' ')}`, script, text)),
  ...Array.from({ length: Math.ceil(odd.length / 8) }, (_, n) => odd.slice(n * 8, n * 8 + 8)).map((letters) => log(`the actions ${shown(letters.join(' '))} mean nothing`, [...letters.flatMap((letter) => [letter, `${letter}x`]), './d'], text)),
  ...numbers.map((number) => log(`s${number}`, [`s${number}`, 'n50', './d'], lines)),
  ...numbers.filter((number) => number.length < 3 || number.length > 9).map((number) => log(`n${number}`, ['s4096', `n${number}`, './d'], lines)),
  ...[0, 1, 25, 199, 200, 201, 511, 512, 513, 973, 974, 975, 976, 998, 999, 1000, 1001, 1023, 1024, 1025, 2047, 4095, 4096, 4097, 9000].flatMap((bytes) => [
    log(`a line of ${bytes} bytes`, ['-*q', 'e', '=st', 's4096', './d'], `${'y'.repeat(bytes)}\nz\n`),
    log(`a line of ${bytes} bytes, no newline, timestamps`, ['t', 'e', '=st', 's4096', './d'], 'y'.repeat(bytes)),
  ]),
  ...leftovers,
  ...Object.entries(obstacles).map(([name, { script, ...more }]) => log(name, script, text, more)),
  log('no arguments', [], text),
  log('no arguments, nothing to read', [], ''),
  log('stdin is a directory', ['./d'], '', { script: 'exec "$BIN/multilog" ./d </' }),
  log('stdin is closed', ['./d'], '', { script: 'exec "$BIN/multilog" ./d <&-' }),
  log('stdin may only be written', ['./d'], '', { script: 'exec "$BIN/multilog" ./d 0>x' }),
  log('stdout and stderr are closed', ['./d'], text, { script: 'exec "$BIN/multilog" e ./d >&- 2>&-' }),
  log('the lock is held', ['./d'], text, { script: 'mkdir d; exec 7>>d/lock; flock 7; exec "$BIN/multilog" ./d' }),
  log('a lock that the C multilog holds', ['./d'], text, { script: 'mkfifo in; /usr/bin/multilog ./d <in & exec 7>in; reach test -e d/current; "$BIN/multilog" ./d; echo $?; exec 7>&-; wait' }),
  log('a lock that ours holds, for the C multilog', ['./d'], text, { script: 'mkfifo in; "$BIN/multilog" ./d <in & exec 7>in; reach test -e d/current; /usr/bin/multilog ./d; echo $?; exec 7>&-; wait' }),
  log('the modes while it runs', ['./d'], text, { script: `${run("t '!cat' ./d")}echo line >&7; reach test -s d/current; stat -c '%n %a %F' d d/*; exec 7>&-; wait $logger; echo $?` }),
  log('umask of the caller', ['./d'], text, { script: `umask 077; exec "$BIN/multilog" s4096 '!umask; cat' ./d` }),
  log('TERM at the beginning', [], text, { script: `${run('./d')}reach test -e d/current; sleep 0.3; kill $logger; wait $logger; echo "status $?"` }),
  log('TERM between lines', [], text, { script: `${run('./d')}echo line >&7; reach test -s d/current; kill $logger; wait $logger; echo "status $?"` }),
  log('TERM within a line: the rest of it is read, and no more', [], text, { script: `${run('./d')}exec 8<>in; { echo line; printf half; } >&7; reach test -s d/current; sleep 0.3; kill $logger; sleep 0.3; printf ' line\\nnot for it\\n' >&7; wait $logger; echo "status $?"; read -r rest <&8; echo "left: $rest"` }),
  log('ALRM rotates', [], text, { script: `${run('./d ./e')}echo line >&7; reach test -s e/current; kill -ALRM $logger; reach sh -c '[ ! -s e/current ]'; echo another >&7; reach test -s e/current; kill -ALRM $logger; reach sh -c '[ ! -s e/current ]'; exec 7>&-; wait $logger; echo "status $?"` }),
  log('ALRM with nothing to rotate', [], text, { script: `${run('./d')}reach test -e d/current; sleep 0.3; kill -ALRM $logger; sleep 0.2; exec 7>&-; wait $logger; echo "status $?"` }),
  log('ALRM and a processor', [], text, { script: `${run("'!tr a-z A-Z' ./d")}echo line >&7; reach test -s d/current; kill -ALRM $logger; reach sh -c '[ ! -s d/current ]'; exec 7>&-; wait $logger; echo "status $?"` }),
  ...['HUP', 'USR1', 'USR2', 'KILL'].map((signal) => log(`${signal} ends it uncleanly`, [], text, { script: `${run('./d')}echo line >&7; reach test -s d/current; kill -${signal} $logger; wait $logger; echo "status $?"; "$BIN/multilog" ./d </dev/null; echo again` })),
  log('PIPE', [], text, {
    script: `${run('./d')}echo line >&7; reach test -s d/current; kill -PIPE $logger; sleep 0.2; exec 7>&-; wait $logger; echo "status $?"`,
    deviation: { name: 'stderr-closed', expected: (theirs) => ({ ...theirs, stdout: 'status 0\n', files: theirs.files.map((line) => line.replace('d/current 0644', 'd/current 0744')) }) },
  }),
  log('a line is written before the next is there', [], text, { script: `${run('t e =st ./d')}for n in 1 2 3; do echo "line $n" >&7; reach grep -q "line $n" d/current; reach grep -q "line $n" st; done; exec 7>&-; wait $logger; echo "status $?"` }),
  log('bytes that come one by one', [], text, { script: `mkfifo in; "$BIN/multilog" ./d '-*wo' ./e <in & exec 7>in; for byte in o n e '\\n' t w o '\\n' t h; do printf "$byte" >&7; done; exec 7>&-; wait $!; echo "status $?"` }),
]
