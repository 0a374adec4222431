/** svc: what it writes into supervise/control, what it says. */
import { call, type Deviation, type Row, title } from '../row.ts'
import { directory, fifo, file, link, type Tree } from '../stage.ts'

/** `sv`, `two words` and `-` are listened to; the others are what one may meet instead. */
const houses: Tree = {
  'sv/supervise/control': fifo(), 'two words/supervise/control': fifo(), '-/supervise/control': fifo(), 'idle/supervise/control': fifo(), 'closed/supervise/control': fifo(), closed: directory(0o700), 'shut/supervise/control': fifo(), 'shut/supervise': directory(0o700),
  none: directory(), plain: file(), 'file/supervise/control': file('text\n'), 'loop/supervise/control': link('control'), 'dangling/supervise/control': link('nowhere'), 'directory/supervise/control': directory(), 'supervisefile/supervise': file(), 'null/supervise/control': link('/dev/null'), 'full/supervise/control': link('/dev/full'),
  'sv link': link('sv'), selfloop: link('selfloop'), nolink: link('nowhere'),
}

/** What arrives is printed; a dot marks the end. */
const listen = 'exec 7<>sv/supervise/control 8<>"two words/supervise/control" 9<>./-/supervise/control\n'
const tell = `
code=$?
for fd in 7 8 9; do eval "echo . >&$fd; read -r arrived <&$fd"; echo "$fd: $arrived"; done
exit $code
`

/** Debian's has no QUIT, USR1 and USR2. */
const sigq12: Deviation = { name: 'sigq12', expected: (theirs) => ({ ...theirs, stderr: theirs.stderr.replace('k kill\n', 'k kill, q quit, 1 usr1, 2 usr2\n') }) }

function line(args: readonly string[], more: Partial<Row> = {}): Row {
  return { command: 'svc', name: title('svc', args), script: `${listen}${call('svc', ...args).replace(/^exec /, '')}${tell}`, setup: houses, ...more }
}

const letters = [...'udopchaitkx']
const pairs = letters.flatMap((letter, index) => {
  const next = letters[(index + 1) % letters.length]!
  return [[`-${letter}${next}`, 'sv'], [`-${next}${letter}`, 'sv'], [`-${letter}${letter}`, 'sv'], [`-${letter}`, `-${next}`, 'sv']]
})
const illegal = ['z', 'b', 'U', 'D', '0', '9', '?', ':', '=', '/', ' ', '\t', '\n', '\xff', '\xc3\xa9', 'uz', 'zu', 'u:d', 'u d', 'dx-']
const accepted = [
  [], ['sv'], ['-u'], ['-udopchaitkx', 'sv'], ['-xktiahcpodu', 'sv'], ['-uud', 'sv'], ['-dududu', 'sv'], ['-dx', 'sv', 'two words'], ['-t', 'sv', 'sv'], ['-u', 'sv', '-d'], ['--', 'sv'], ['-u', '--', 'sv'], ['-u', '--', '-d', 'sv'],
  ['--help'], ['--help', 'sv'], ['-u', '--help', 'sv'], ['--version'], ['--'], ['-'], ['-', '-u', 'sv'], ['-u', '-'], ['-u', '-', 'sv'], ['-d', '--sv'], ['-d', '---', 'sv'], ['', 'sv'], ['-u', ''], [`-${'u'.repeat(300)}d`, 'sv'], [`-${'udopchaitkx'.repeat(20)}`, 'sv'],
]
const directories = [
  'missing', 'idle', 'none', 'plain', 'file', 'loop', 'dangling', 'directory', 'supervisefile', 'null', 'full', 'closed', 'shut', 'sv link', 'selfloop', 'nolink', 'sv/', './sv', 'sv/.', 'sv/..', 'sv/supervise', 'plain/sv', 'none/../sv', '/', '.', '..', 'x'.repeat(255), 'x'.repeat(256), 'x/'.repeat(3000), 'odd\xff', 'a\nb',
]

export const svcRows: Row[] = [
  ...letters.map((letter) => line([`-${letter}`, 'sv'])),
  ...pairs.map((args) => line(args)),
  ...accepted.map((args) => line(args)),
  ...illegal.map((bundle) => line([`-${bundle}`, 'sv'], { deviation: sigq12 })),
  line(['-u', '-z', 'sv'], { deviation: sigq12 }),
  ...directories.map((dir) => line(['-u', dir, 'sv'])),
  ...directories.slice(0, 10).map((dir) => line([dir])),
  ...['idle', 'closed', 'shut', 'missing', 'none'].map((dir) => line(['-u', dir], { user: 'nobody', script: call('svc', '-u', dir) })),
  line(['-u', 'missing', 'sv', 'idle', 'none', 'plain', 'file', 'loop', 'directory']),
  line(['-u', ...Array.from({ length: 300 }, () => 'sv')], { name: 'svc -u, the same one 300 times' }),
  { ...line([]), name: 'an absolute directory', script: `${listen}"$BIN/svc" -u "$PWD/sv"${tell}` },
  { ...line([]), name: 'stderr is closed, usage', script: `${listen}"$BIN/svc" -z 2>&-${tell}` },
  { ...line([]), name: 'stderr is closed, a warning', script: `${listen}"$BIN/svc" -u missing sv 2>&-${tell}` },
  { ...line([]), name: 'stdin and stdout are closed', script: `${listen}"$BIN/svc" -u sv <&- >&-${tell}` },
  { ...line([]), name: 'a working directory that is gone', script: `${listen}mkdir gone; cd gone; rmdir ../gone; "$BIN/svc" -u ../sv "$OLDPWD/sv"; status=$?; cd "$OLDPWD"; (exit $status)${tell}` },
  { ...line([]), name: 'a working directory that may not be read', user: 'nobody', setup: { ...houses, blind: directory(0o711) }, script: 'cd blind; exec "$BIN/svc" -u ../idle' },
  { ...line([]), name: 'a full FIFO', script: `${listen}head -c 65536 /dev/zero >&7; timeout 1 "$BIN/svc" -u sv; code=$?; head -c 65536 <&7 >/dev/null; (exit $code)${tell}` },
  ...[['-q'], ['-1'], ['-2'], ['-q12q1x'], ['-uq']].map((args): Row => line([...args, 'sv'], {
    deviation: { name: 'sigq12', expected: (theirs) => ({ ...theirs, end: 'exit 0', stderr: '', stdout: theirs.stdout.replace('7: .', `7: ${[...new Set(args.join('').replaceAll('-', ''))].join('')}.`) }) },
  })),
]

