/** tai64n and tai64nlocal: labels of every shape, zones of every kind. */
import { jobs, labels } from '../masks.ts'
import { call, type Deviation, type Row, shown } from '../row.ts'
import { file } from '../stage.ts'

function label(unix: number, nanoseconds = 500): string {
  return `@${(2n ** 62n + 10n + BigInt(unix)).toString(16)}${nanoseconds.toString(16).padStart(8, '0')}`
}

const inputs = ['', '\n', '\n\n\n', 'partial', 'line\n', 'a\nb', 'a\n\nb\n', '\0', '\0\n\0', '\xff\xfe\n', ' @\n', 'a@4000000037c219bf2ef02e94\n', '\r\n', '\t\n', 'x'.repeat(1023), 'x'.repeat(1024), 'x'.repeat(1025), `${'x'.repeat(5000)}\n`, 'short\n'.repeat(5000), `${'x'.repeat(2022)}\n`.repeat(5), '\n'.repeat(4000), 'caf\xc3\xa9\n']

const zones = [undefined, '', 'UTC', 'US/Pacific', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Monrovia', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Tehran', 'Africa/Casablanca', 'Antarctica/Troll', 'Etc/GMT+5', 'Etc/GMT-14', ':US/Pacific', 'EST5', 'EST5EDT', 'EST5EDT,M3.2.0,M11.1.0', 'CET-1CEST,M3.5.0,M10.5.0/3', 'XYZ3', '<+0330>-3:30', 'Nowhere/City', 'x', ':', '/usr/share/zoneinfo/Europe/Berlin', '/nowhere', 'right/UTC', 'posix/US/Pacific', 'UTC0', 'utc', 'Europe/Berlin ', '../etc/passwd', '\xff']

const days = [
  -62_135_596_800, -5_000_000_000, -2_208_988_800, -86_400, -1, 0, 1, 86_399, 86_400, 951_782_400, 1e9, 1_483_228_799, 1_483_228_800, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 11, 2 ** 32, 253_402_300_799, 253_402_300_800, 8.64e12,
  ...Array.from({ length: 16 }, (_, n) => 1_711_846_800 + (n - 8) * 1800), ...Array.from({ length: 16 }, (_, n) => 1_729_990_800 + (n - 8) * 1800), ...Array.from({ length: 16 }, (_, n) => 1_710_064_800 + (n - 8) * 1800), ...Array.from({ length: 48 }, (_, n) => n * 40_000_000 + 17),
]
const calendar = days.map((unix) => `${label(unix)} ${unix}\n`).join('')

const shapes = [
  label(1), `${label(1)}\n`, `${label(1)} \n`, `${label(1)}x`, `${label(1)}G\n`, `${label(1)}@\n`, `${label(1)}\0\n`, `${label(1)}\r\n`, `${label(1)}A\n`, `${label(1)} ${label(2)}\n`, `${label(1)}\n${label(2)}\n`, ` ${label(1)}\n`, `x${label(1)}\n`, `\n${label(1)} x\n`, `${label(1, 0)} x\n`, `${label(1, 999_999_999)} x\n`, `${label(1, 1_000_000_000)} x\n`, `${label(1, 2 ** 32 - 1)} x\n`, `${label(1)} ${'x'.repeat(20_000)}\n`, `${'x'.repeat(8180)}\n${label(1)} across a buffer\n`, ...Array.from({ length: 6 }, (_, n) => `${'x'.repeat(8165 + n * 5)}\n${label(1)} across\n`), `${label(1)} x\n`.repeat(3000),
].filter((shape) => shape.length > 25 || shape.includes('\n'))

const oddLabels = ['@', '@ x', '@hello', '@4000000037C219BF2EF02E94 x', '@4000000037c219bf', '@4000000037c219bf x', '@4000000037c219bf2ef02e9400000000 x', '@@4000000037c219bf2ef02e94', '@4000000037c219bf2ef02e9 x', '@000000000000000000000000 x', '@ffffffffffffffffffffffff x', '@x', '@\xff', '@\0', '@0', '@40', '@-4000000037c219bf2ef02e94', '@4000000037c219bf 2ef02e94', '@4000000037c219bg2ef02e94', '@7fffffffffffffff00000000', '@8000000000000000ffffffff']

/** A crash in C, and its output in the buffer lost. */
function oddLabel(line: string): Deviation {
  return { name: 'odd-labels', expected: (theirs) => ({ ...theirs, end: 'exit 0', stdout: `before\n${line}\n1970-01-01 00:00:01.000000500 after\n` }) }
}

const unfinished = ['@', '@4', '@4000', '@4000000037c219bf2ef02e9', '@4000000037c219bf2ef02e94'].map((end): Row => ({
  ...local(`an input that ends with ${end}`, `line\n${end}`),
  deviation: { name: 'end-in-label', expected: (theirs) => ({ ...theirs, stdout: `line\n${end.length === 25 ? '1999-08-24 04:04:05.787492500' : end}` }) },
}))

function local(name: string, input: string, more: Partial<Row> = {}): Row {
  return { command: 'tai64nlocal', name, script: call('tai64nlocal'), input, env: { TZ: 'UTC' }, ...more }
}

/** What both do alike where something is closed or full. */
function descriptorRows(command: string): Row[] {
  const big = { big: file(`${label(1)} line\n`.repeat(20_000)) }
  const row = (name: string, script: string): Row => ({ command, name, script, setup: big, env: { TZ: 'UTC' }, masks: [labels, jobs] })
  const start = `"$BIN/${command}"`
  return [
    row('stdin is closed', `exec ${start} <&-`),
    row('stdin is a directory', `exec ${start} </`),
    row('stdin may only be written', `exec ${start} 0>x`),
    row('stdout is closed', `exec ${start} <big >&-`),
    row('stdout is closed, nothing to say', `exec ${start} </dev/null >&-`),
    row('stdout may only be read', `exec ${start} <big 1<big`),
    row('the disk is full', `exec ${start} <big >/dev/full`),
    row('the disk is full, nothing to say', `exec ${start} </dev/null >/dev/full`),
    row('nobody reads', `mkfifo out; exec 8<>out 9>out 8<&-; exec ${start} <big >&9`),
    row('nobody reads, PIPE ignored', `trap '' PIPE; mkfifo out; exec 8<>out 9>out 8<&-; exec ${start} <big >&9`),
    row('stderr is closed', `echo x | ${start} 2>&-`),
    row('arguments', `printf "line\\n" | exec ${start} -x --help file`),
    row('a limit on the size of files', `ulimit -f 64; exec ${start} <big >out`),
    row('a soft limit on the size of files', `ulimit -Sf 1; exec ${start} <big >out`),
    row('a soft limit on the size of files, XFSZ ignored', `ulimit -Sf 1; trap '' XFSZ; exec ${start} <big >out`),
    row('a limit on the size of files, XFSZ ignored', `ulimit -f 64; trap '' XFSZ; exec ${start} <big >out`),
    row('a line is passed on before the next is there', `mkfifo in out; ${start} <in >out & exec 7>in 8<out; for n in 1 2 3; do echo "line $n" >&7; read -r line <&8; echo "$line"; done; exec 7>&-; wait $!; echo "status $?"`),
    ...['TERM', 'HUP', 'PIPE', 'KILL', 'USR1'].map((signal) => row(`${signal} ends it`, `mkfifo in; ${start} <in >out & exec 7>in; echo line >&7; reach test -s out; kill -${signal} $!; wait $!; echo "status $?"`)),
  ]
}

export const tai64nRows: Row[] = [
  ...inputs.map((input): Row => ({ command: 'tai64n', name: `input "${shown(input.slice(0, 30))}" (${input.length} bytes)`, script: call('tai64n'), input, masks: [labels] })),
  ...descriptorRows('tai64n'),
]

export const tai64nlocalRows: Row[] = [
  ...inputs.map((input) => local(`input "${shown(input.slice(0, 30))}" (${input.length} bytes)`, input)),
  ...zones.map((zone) => local(`TZ ${zone === undefined ? 'unset' : `"${shown(zone)}"`}`, calendar, zone === undefined ? { env: {} } : /^[ -~]*$/.test(zone) ? { env: { TZ: zone } } : { script: `export TZ="$(printf '\\377')"; ${call('tai64nlocal')}` })),
  ...shapes.map((shape) => local(`"${shown(shape.slice(0, 45))}" (${shape.length} bytes)`, shape)),
  ...oddLabels.map((line) => local(`no label: ${shown(line)}`, `before\n${line}\n${label(1)} after\n`, { deviation: oddLabel(line) })),
  ...unfinished,
  ...descriptorRows('tai64nlocal'),
]
