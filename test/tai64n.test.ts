/**
 * tai64n and tai64nlocal, byte for byte with theirs.
 *
 * Not tested: labels after the year 275760, where JavaScript's calendar ends; labels of more than 24 digits whose excess theirs drops.
 */
import * as fs from 'node:fs'
import t, { type Test } from 'tap'
import { same } from './support/golden.ts'
import { both, ours, theirs, unlessAble } from './support/implementation.ts'
import { run } from './support/process.ts'
import { scratch } from './support/tree.ts'

const able = unlessAble({ theirs: ['tai64n', 'tai64nlocal'], ours: ['tai64n', 'tai64nlocal'] })
t.jobs = 2

function label(unix: number, nanoseconds = 500): string {
  return `@${(2n ** 62n + 10n + BigInt(unix)).toString(16)}${nanoseconds.toString(16).padStart(8, '0')}`
}

/** A plain sequence, so that a failure can be repeated. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

function lines(): string {
  const random = numbers(1)
  const next = (below: number): number => Math.floor(random.next().value * below)
  const one = (): string => {
    const rest = ['', ' ', ' text', 'glued', ' @4000000037c219bf2ef02e94', '\ttab', ' \xff\xfe', ` ${'long '.repeat(next(600))}`][next(8)]!
    return [`${label(next(2 ** 32), next(1e9))}${rest}`, `${label(next(2 ** 32) - 2 ** 31, next(2 ** 32))}${rest}`, `no label${rest}`, ` ${label(1)}`, ''][next(5)]!
  }
  return Array.from({ length: 5000 }, one).join('\n') + '\n'
}

const special = [
  '@4000000037c219bf2ef02e94 mark', // man tai64nlocal
  '@400000000000000a00000000 1970', '@40000000ffffffff00000000 2106', `${label(951_782_400)} 29 February 2000`, `${label(1e9)} one`, `${label(253_402_300_800)} the year 10000`, `${label(8.64e12)} the last day of JavaScript`,
  `${label(-1)} 1969`, `${label(-2_208_988_800)} 1900`, `${label(-5_000_000_000)} 1811`, `${label(-62_135_596_800)} the year 1`,
  ...Array.from({ length: 24 }, (_, n) => `${label(1_711_846_800 + (n - 12) * 900)} when summer time begins in Europe`),
  ...Array.from({ length: 24 }, (_, n) => `${label(1_729_990_800 + (n - 12) * 900)} when it ends`),
  ...Array.from({ length: 24 }, (_, n) => `${label(1_710_064_800 + (n - 12) * 900)} when it begins in America`),
  ...Array.from({ length: 4 }, (_, n) => `${label(1_483_228_798 + n)} leap second`),
  `${label(1, 0)} no nanoseconds`, `${label(1, 999_999_999)} many`, `${label(1, 1_000_000_000)} too many`, `${label(1, 4_294_967_295)} as many as there can be`, `${label(1)}`, `${label(1)}G`, `${label(1)}@`, `${label(1)}\0`, `${label(1)}\r`,
].map((line) => `${line}\n`).join('')

const zones = [undefined, '', 'UTC', 'US/Pacific', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Monrovia', 'Pacific/Apia', 'GMT', 'Etc/GMT+5', ':US/Pacific', 'EST5', 'CET-1CEST,M3.5.0,M10.5.0/3', 'XYZ3', '<+0330>-3:30', 'Nowhere/City', 'right/UTC', 'right/US/Pacific', 'posix/US/Pacific', '/usr/share/zoneinfo/Europe/Berlin']

function feed(t: Test, command: string, input: string | Buffer, zone?: string) {
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], ...(zone !== undefined && { TZ: zone }) }
  const all = both.map(async ({ folder }) => {
    const { code, signal, stdout, stderr } = await run(t, `${folder}/${command}`, [], { env, input: typeof input === 'string' ? Buffer.from(input, 'latin1') : input })
    return { code, signal, stdout: stdout.split('\n'), stderr }
  })
  return Promise.all(all).then(([c, o]) => ({ c: c!, o: o! }))
}

for (const zone of zones) {
  const file = `/usr/share/zoneinfo/${zone}`
  const needs = zone !== undefined && /^(right|posix)\//.test(zone) ? { files: [file] } : {}
  t.test(`tai64nlocal: TZ ${zone === undefined ? 'unset' : `"${zone}"`}`, { ...able, ...(able.skip === false && unlessAble(needs)) }, async (t) => {
    for (const [name, input] of [['special days', special], ['5,000 lines', lines()]] as const) {
      const { c, o } = await feed(t, 'tai64nlocal', input, zone)
      const differing = c.stdout.flatMap((line, index) => (line === o.stdout[index] ? [] : [`${line} | ${o.stdout[index]}`]))
      t.same(differing.slice(0, 5), [], `${name}: ${differing.length} differ`)
      t.same({ ...o, stdout: o.stdout.length }, { ...c, stdout: c.stdout.length })
    }
  })
}

t.test("tai64nlocal prints the man page's example", { ...able }, async (t) => {
  for (const { folder } of both) {
    const { stdout } = await run(t, `${folder}/tai64nlocal`, [], { env: { TZ: 'UTC' }, input: '@4000000037c219bf2ef02e94 mark\n' })
    t.equal(stdout, '1999-08-24 04:04:05.787492500 mark\n')
  }
})

t.test('tai64nlocal, where there is no label: copied', { ...able }, async (t) => {
  for (const input of ['', '\n', '\n\n', 'text', 'text\n', ' @\n', 'a@4000000037c219bf2ef02e94\n', '\0\n', '\xff', 'x'.repeat(20_000), 'partial\nlast']) {
    const { c, o } = await feed(t, 'tai64nlocal', input, 'UTC')
    t.same(o, c, JSON.stringify(input.slice(0, 20)))
  }
})

t.test('tai64nlocal, what only looks like a label: theirs crashes, ours copies it', { ...able }, async (t) => {
  for (const line of ['@', '@ x', '@hello', '@4000000037C219BF2EF02E94 x', '@4000000037c219bf', '@4000000037c219bf x', '@4000000037c219bf2ef02e9400000000 x', '@@4000000037c219bf2ef02e94', '@4000000037c219bf2ef02e9 x', '@000000000000000000000000 x', '@ffffffffffffffffffffffff x']) {
    const input = `before\n${line}\n${label(1)} after\n`
    const { c, o } = await feed(t, 'tai64nlocal', input, 'UTC')
    t.equal(c.signal, 'SIGSEGV', `theirs: ${line}`)
    t.same(o, { code: 0, signal: null, stdout: ['before', line, '1970-01-01 00:00:01.000000500 after', ''], stderr: '' }, `ours: ${line}`)
  }
})

t.test('tai64nlocal, an input that ends within a label: theirs swallows it, ours does not lose a byte', { ...able }, async (t) => {
  for (const [end, expected] of [['@', '@'], ['@4000', '@4000'], ['@4000000037c219bf2ef02e9', '@4000000037c219bf2ef02e9'], ['@4000000037c219bf2ef02e94', '1999-08-24 04:04:05.787492500']] as const) {
    const { c, o } = await feed(t, 'tai64nlocal', `line\n${end}`, 'UTC')
    t.same(c, { code: 0, signal: null, stdout: ['line', ''], stderr: '' }, `theirs: ${end}`)
    t.same(o, { code: 0, signal: null, stdout: ['line', expected], stderr: '' }, `ours: ${end}`)
  }
})

t.test('tai64n: a label for each line, never going back, half a microsecond at its end', { ...able }, async (t) => {
  const text = lines()
  for (const { name, folder } of both) {
    const before = Date.now() / 1000
    const { stdout, stderr, code } = await run(t, `${folder}/tai64n`, [], { input: Buffer.from(text, 'latin1') })
    const stamped = stdout.split('\n').slice(0, -1)
    t.same({ code, stderr }, { code: 0, stderr: '' })
    const labels = stamped.map((line) => line.slice(0, 25))
    t.same(stamped.filter((line) => !/^@40000000[0-9a-f]{16} /.test(line)), [], `${name}: each line has one`)
    t.same(labels.filter((label) => Number(`0x${label.slice(17)}`) % 1000 !== 500 || Number(`0x${label.slice(17)}`) >= 1e9), [], 'whole microseconds and a half')
    t.same([...labels].sort(), labels, 'they never go back')
    const [first, last] = [labels[0]!, labels.at(-1)!].map((label) => Number(BigInt(`0x${label.slice(1, 17)}`) - 2n ** 62n - 10n))
    t.ok(first! >= Math.floor(before) && last! <= Date.now() / 1000, 'they are of now')
    t.equal(stamped.map((line) => `${line.slice(26)}\n`).join(''), text, 'and the line behind it')
  }
})

t.test('tai64n: what has no newline, what has nothing', { ...able }, async (t) => {
  for (const input of ['', '\n', '\n\n', 'partial', 'a\nb', '\0', 'x'.repeat(5000), `${'x'.repeat(5000)}\n`]) {
    const { c, o } = await feed(t, 'tai64n', input)
    const plain = (outcome: typeof c) => ({ ...outcome, stdout: outcome.stdout.map((line) => line.replace(/^@[0-9a-f]{24} /, 'LABEL ')) })
    t.same(plain(o), plain(c), JSON.stringify(input.slice(0, 20)))
  }
})

t.test('tai64n: a line is passed on before the next is there', { ...able }, async (t) => {
  for (const { name, folder } of [theirs, ours]) {
    const script = 'mkfifo in out; "$1/$2" <in >out & exec 3>in 4<out; echo one >&3; read -r first <&4; echo two >&3; read -r second <&4; echo "$first, $second"'
    for (const command of ['tai64n', 'tai64nlocal']) {
      const { stdout } = await run(t, '/bin/sh', ['-c', script, 'sh', folder, command], { cwd: scratch(t) })
      t.match(stdout.replace(/@[0-9a-f]{24} /g, ''), /^one, two$/m, `${name} ${command}`)
    }
  }
})

t.test('tai64n and tai64nlocal: when a descriptor is closed or full', { ...able }, async (t) => {
  const big = (folder: string): void => fs.writeFileSync(`${folder}/big`, `${label(1)} line\n`.repeat(50_000))
  for (const command of ['tai64n', 'tai64nlocal']) {
    const scripts = {
      'stdin is closed': `exec $BIN/${command} <&-`,
      'stdin is a directory': `exec $BIN/${command} </`,
      'stdout is closed': `exec $BIN/${command} <big >&-`,
      'stdout is closed and there is nothing to say': `exec $BIN/${command} </dev/null >&-`,
      'the disk is full': `exec $BIN/${command} <big >/dev/full`,
      'nobody reads any more': `{ $BIN/${command} <big; echo "status $?" >&2; } | head -1 | cut -c27-`,
      'nobody reads any more, SIGPIPE ignored': `trap '' PIPE; { $BIN/${command} <big; echo "status $?" >&2; } | head -1 | cut -c27-`,
      'stderr is closed': `exec $BIN/${command} </dev/null 2>&-`,
      arguments: `printf "" | exec $BIN/${command} -x --help file`,
      'a limit on the size of files': `ulimit -f 64; exec $BIN/${command} <big >out`,
    }
    for (const [name, script] of Object.entries(scripts)) await same(t, `${command}: ${name}`, { script, prepare: big, env: { PATH: process.env['PATH'], TZ: 'UTC' } })
  }
})
