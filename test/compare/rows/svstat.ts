/** svok and svstat: every state that a directory can be in, made by hand. */
import { since } from '../masks.ts'
import { call, plainRow, type Row } from '../row.ts'
import { directory, type Entry, fifo, file, link, type Tree } from '../stage.ts'

const tai = (unix: bigint): bigint => 2n ** 62n + 10n + unix
const some = tai(1_700_000_000n)
const future = tai(99_999_999_999n)

function status({ label = some, nanoseconds = 500, pid = 0, paused = 0, want = 'u' }: { label?: bigint; nanoseconds?: number; pid?: number; paused?: number; want?: string } = {}): Buffer {
  const packed = Buffer.alloc(18)
  packed.writeBigUInt64BE(BigInt.asUintN(64, label), 0)
  packed.writeUInt32BE(nanoseconds, 8)
  packed.writeUInt32LE(pid, 12)
  packed[16] = paused
  packed[17] = want.charCodeAt(0)
  return packed
}

const latin1 = (packed: Buffer): Entry => file(packed.toString('latin1'))

/** A directory `sv` that looks supervised once its FIFO has a reader. */
function supervised(entries: Tree = {}): Tree {
  return { 'sv/supervise/control': fifo(), 'sv/supervise/ok': fifo(), 'sv/supervise/lock': file('', 0o600), ...entries, 'sv/supervise': directory(0o700) }
}

const listen = 'exec 7<>sv/supervise/ok\n'

function look(name: string, tree: Tree, { label = some, args = ['sv'] }: { label?: bigint; args?: string[] } = {}): Row {
  return { command: 'svstat', name, script: `${listen}${call('svstat', ...args)}`, setup: supervised(tree), masks: [since(label)] }
}

const downs: Readonly<Record<string, Tree>> = {
  'no down': {}, 'a file down': { 'sv/down': file() }, 'a directory down': { 'sv/down': directory() }, 'down a dangling link': { 'sv/down': link('nowhere') }, 'down a loop': { 'sv/down': link('down') },
}

const combinations = [0, 1234].flatMap((pid) => [0, 1].flatMap((paused) => ['u', 'd', '\0', 'x'].flatMap((want) => ['no down', 'a file down'].map((down) =>
  look(`pid ${pid}, paused ${paused}, want ${want.replace('\0', 'once')}, ${down}`, { ...downs[down], 'sv/supervise/status': latin1(status({ pid, paused, want })) })))))

const values: Row[] = [
  ...[1, 255, 256, 65535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].map((pid) => look(`pid ${pid}`, { 'sv/supervise/status': latin1(status({ pid })) })),
  ...[2, 127, 128, 255].map((paused) => look(`the paused byte is ${paused}`, { 'sv/supervise/status': latin1(status({ pid: 5, paused })) })),
  ...['U', 'D', 'o', '\x01', '\xff', '0'].map((want) => look(`want is the byte ${want.charCodeAt(0)}`, { 'sv/supervise/status': latin1(status({ want })) })),
  ...Object.entries({ 'the epoch of Unix': tai(0n), 'the TAI epoch': 2n ** 62n, zero: 0n, one: 1n, 'before 1970': tai(-1_000_000n), '2^53 seconds ago': tai(1_700_000_000n) - 2n ** 53n }).flatMap(([name, label]) =>
    [0, 7].map((pid) => look(`the label is ${name}, pid ${pid}`, { 'sv/supervise/status': latin1(status({ label, pid })) }, { label }))),
  ...Object.entries({ 'far in the future': future, '2^63 - 1': 2n ** 63n - 1n, '2^63': 2n ** 63n, '2^64 - 1': 2n ** 64n - 1n }).flatMap(([name, label]) =>
    [0, 7].map((pid) => look(`the label is ${name}, pid ${pid}`, { 'sv/supervise/status': latin1(status({ label, pid })) }, { label }))),
  ...[0, 999_999_999, 1_000_000_000, 2 ** 32 - 1].map((nanoseconds) => look(`${nanoseconds} nanoseconds`, { 'sv/supervise/status': latin1(status({ nanoseconds })) })),
]

const lengths = [0, 1, 11, 12, 17].map((bytes) => look(`${bytes} bytes`, { 'sv/supervise/status': latin1(status().subarray(0, bytes)) }))
const longer = [19, 20, 36, 40, 1000].map((bytes) => look(`${bytes} bytes`, { 'sv/supervise/status': latin1(Buffer.concat([status({ pid: 9 }), Buffer.alloc(bytes - 18, 'd')])) }))

const noStatus: Readonly<Record<string, Tree>> = {
  'no status': {}, 'status a dangling link': { 'sv/supervise/status': link('nowhere') }, 'status a loop': { 'sv/supervise/status': link('status') }, 'status a link': { real: latin1(status()), 'sv/supervise/status': link('../../real') },
  'status is /dev/null': { 'sv/supervise/status': link('/dev/null') }, 'status a FIFO': { 'sv/supervise/status': fifo() },
}

/** Kinds of `ok`, without anybody who reads it. */
const oks: Readonly<Record<string, Tree>> = {
  'nothing': { sv: directory() }, 'an empty supervise': { 'sv/supervise': directory() }, 'supervise a file': { 'sv/supervise': file() }, 'supervise a dangling link': { 'sv/supervise': link('nowhere') }, 'supervise a loop': { 'sv/supervise': link('supervise') },
  'ok a FIFO that nobody reads': { 'sv/supervise/ok': fifo() }, 'ok a file': { 'sv/supervise/ok': file() }, 'ok a directory': { 'sv/supervise/ok': directory() }, 'ok a link to a FIFO': { pipe: fifo(), 'sv/supervise/ok': link('../../pipe') }, 'ok a dangling link': { 'sv/supervise/ok': link('nowhere') },
  'ok a loop': { 'sv/supervise/ok': link('ok') }, 'ok is /dev/null': { 'sv/supervise/ok': link('/dev/null') }, 'ok may only be read': { 'sv/supervise/ok': fifo(0o444) }, 'ok may only be written': { 'sv/supervise/ok': fifo(0o222) }, 'supervise is closed': { 'sv/supervise/ok': fifo(), 'sv/supervise': directory(0o700) },
  'sv is closed': { 'sv/supervise/ok': fifo(), sv: directory(0o700) }, 'sv a file': { sv: file() }, 'sv a loop': { sv: link('sv') }, 'sv a dangling link': { sv: link('nowhere') }, 'no sv': {}, 'supervise a link to elsewhere': { 'elsewhere/ok': file(), 'elsewhere/status': latin1(status()), 'sv/supervise': link('../elsewhere') },
  'ok a file, and a status': { 'sv/supervise/ok': file(), 'sv/supervise/status': latin1(status({ pid: 3, want: 'd' })) },
}

const odd = [[''], ['.'], ['/'], ['-'], ['--'], ['--help'], ['-l', 'sv'], ['missing/sv'], ['x'.repeat(255)], ['x'.repeat(256)], ['x/'.repeat(3000)], ['odd\xff'], ['a\nb'], ['sv/'], ['sv/supervise']]

export const svokRows: Row[] = [
  plainRow('svok', []),
  ...odd.map((args) => plainRow('svok', args, { setup: supervised() })),
  ...Object.entries(oks).flatMap(([name, setup]) => [plainRow('svok', ['sv'], { name, setup }), plainRow('svok', ['sv'], { name: `${name}, as nobody`, setup, user: 'nobody' })]),
  { command: 'svok', name: 'a reader', script: `${listen}${call('svok', 'sv')}`, setup: supervised() },
  { command: 'svok', name: 'a reader, and more arguments', script: `${listen}${call('svok', 'sv', 'missing', '-x')}`, setup: supervised() },
  { command: 'svok', name: 'a reader, as nobody', script: `${listen}/usr/bin/setuidgid nobody "$BIN/svok" sv`, setup: supervised() },
  { command: 'svok', name: 'a reader, all closed', script: `${listen}exec "$BIN/svok" sv <&- >&- 2>&-`, setup: supervised() },
  { command: 'svok', name: 'a working directory that is gone', script: `${listen}mkdir gone; cd gone; rmdir ../gone; "$BIN/svok" "$OLDPWD/sv"; echo $?; exec "$BIN/svok" ../sv`, setup: supervised() },
]

export const svstatRows: Row[] = [
  plainRow('svstat', []),
  ...odd.map((args) => look(`svstat ${args.join(' ').slice(0, 40).replace(/[^ -~]/g, '?')} (${args.join(' ').length} characters)`, { 'sv/supervise/status': latin1(status()) }, { args })),
  ...Object.entries(oks).flatMap(([name, setup]) => [plainRow('svstat', ['sv'], { name, setup, masks: [since(some)] }), plainRow('svstat', ['sv'], { name: `${name}, as nobody`, setup, user: 'nobody', masks: [since(some)] })]),
  ...combinations,
  ...values,
  ...lengths,
  ...longer,
  ...Object.entries(noStatus).map(([name, tree]) => look(name, tree)),
  ...Object.entries(downs).map(([name, tree]) => look(`${name}, up`, { ...tree, 'sv/supervise/status': latin1(status({ pid: 8 })) })),
  {
    ...look('status a directory', { 'sv/supervise/status': directory() }, { label: 0n }),
    masks: [(text) => text.replace(/\b461168602\d{10} seconds/g, 'AGES seconds')],
    deviation: { name: 'status-directory', expected: (theirs) => ({ ...theirs, stdout: theirs.stdout.replace(/: down AGES seconds.*/, ': unable to read supervise/status: is a directory') }) },
  },
  look('several', { 'sv/supervise/status': latin1(status({ pid: 77 })), none: directory(), plain: file() }, { args: ['sv', 'missing', 'none', 'plain', 'sv'] }),
  look('the same one 200 times', { 'sv/supervise/status': latin1(status({ pid: 77 })) }, { args: Array.from({ length: 200 }, () => 'sv') }),
  { ...look('stdout is closed', { 'sv/supervise/status': latin1(status()) }), script: `${listen}exec "$BIN/svstat" sv >&-` },
  { ...look('the disk is full', { 'sv/supervise/status': latin1(status()) }), script: `${listen}exec "$BIN/svstat" sv >/dev/full` },
  { ...look('nobody reads', { 'sv/supervise/status': latin1(status()) }), script: `${listen}mkfifo out; exec 8<>out 9>out 8<&-; exec "$BIN/svstat" sv >&9` },
  { ...look('stdin and stderr are closed', { 'sv/supervise/status': latin1(status()) }), script: `${listen}exec "$BIN/svstat" sv <&- 2>&-` },
  { ...look('a working directory that is gone', { 'sv/supervise/status': latin1(status()) }), script: `${listen}mkdir gone; cd gone; rmdir ../gone; "$BIN/svstat" "$OLDPWD/sv" ../sv` },
  { ...look('a working directory that may not be read', { 'sv/supervise/status': latin1(status()) }), script: 'mkdir -m 711 blind; cd blind; exec /usr/bin/setuidgid nobody "$BIN/svstat" ../sv' },
  look('status may not be read', { 'sv/supervise/status': file(status().toString('latin1'), 0) }),
]
