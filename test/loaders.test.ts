/**
 * The chain loaders and fghack: what they say, what the program behind them inherits, and that ours and the C ones may stand in one chain in
 * any order. setuidgid alone is in setuidgid.test.ts.
 *
 * Not tested: hard limits, which root may not raise again everywhere; running out of memory within the C programs themselves.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { compile } from './support/compile.ts'
import { play, same } from './support/golden.ts'
import { both, checkout, ours, theirs, unlessAble } from './support/implementation.ts'
import { Process, run, stateOf } from './support/process.ts'
import { scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const loaders = ['envdir', 'envuidgid', 'fghack', 'pgrphack', 'setlock', 'softlimit'] as const
const commands = [...loaders, 'setuidgid']
const able = unlessAble({ root: true, theirs: commands, ours: commands, files: ['/usr/bin/cc'] })
t.jobs = 2

/** How many are compared at the same time. */
const atOnce = 8

async function each<T>(things: readonly T[], compare: (thing: T) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < things.length; done += atOnce) await Promise.all(things.slice(done, done + atOnce).map(compare))
}

/** Directories for envdir, programs, files to lock. */
function prepare(folder: string): void {
  const files: Record<string, string> = {
    'd/SET': 'value\n', 'd/UNSET': '', 'd/NEWLINE': '\n', 'd/BLANK': ' \t \n', 'd/ONELINE': 'one\ntwo\n', 'd/TRAIL': ' a b \t \n', 'd/NUL': 'a\0b\0', 'd/NULBLANK': 'v\0 \t',
    'd/CR': 'cr\r\n', 'd/.hidden': 'x', 'd/A=B': 'x', 'd/C=D': '', 'd/DUP': 'new', 'd/LONG': 'x'.repeat(50000), 'd/BYTES': '\xff\xfe\x80\n', 'd/with space': 'y', 'd/=': 'z',
    'many/A': '1', 'many/B': '', 'many/C': '3', 'many/D': '', 'many/E': '5', 'many/F': '6', 'many/G': '7', 'path/PATH': 'other\n', 'nopath/PATH': '', 'mixed/a': '1', 'mixed/b': '2',
    'shut/file': 'x', 'noentry/file': 'x', 'nolist/file': 'x', 'file': 'content\n', 'closedfile/file': 'x', 'old.lock': 'content\n',
  }
  for (const name of ['d', 'many', 'path', 'nopath', 'mixed', 'shut', 'noentry', 'nolist', 'closedfile', 'empty', 'subdirectory/sub', 'other', 'loopy', 'links']) fs.mkdirSync(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(folder, name), text, 'latin1')
  fs.writeFileSync(Buffer.from(join(folder, 'd/\xe9'), 'latin1'), 'latin1 name')
  execFileSync('mkfifo', [join(folder, 'd/FIFO'), join(folder, 'fifo')])
  fs.symlinkSync('../file', join(folder, 'links/LINK'))
  fs.symlinkSync('LOOP', join(folder, 'loopy/LOOP'))
  writeProgram(join(folder, 'other/prog'), '#!/bin/sh\necho other\n')
  writeProgram(join(folder, 'bare'), 'echo a shell runs this\n')
  for (const [name, mode] of [['shut', 0o700], ['noentry', 0o744], ['nolist', 0o711], ['closedfile/file', 0o600]] as const) fs.chmodSync(join(folder, name), mode)
}

/** Not nobody: inherit.test.ts limits how many processes that account has. */
const games = '/usr/bin/setuidgid games'
const errors = ['', 'x', '/nowhere/x', './bare', '.', './file', './file/x', `"$(printf '\\377\\376')"`, 'x'.repeat(300)]
const lines: Record<(typeof loaders)[number], string[]> = {
  envdir: [
    ...['', 'd', '""', 'd ""', 'missing env', '"" env', 'file env', 'file/x env', 'd/.. true', 'subdirectory env', 'loopy env', 'empty env', 'many env', './many/ env', '-x env', '-- env'].map((words) => `exec /usr/bin/env -i A=1 B=2 A=3 C=4 D=5 DUP=1 DUP=2 UNSET=u PATH=/usr/bin:/bin $BIN/envdir ${words}`),
    'exec /usr/bin/env -i A=1 E=2 C==3 DUP=1 DUP=2 C=4 UNSET=u UNSET=v PATH=/usr/bin:/bin SET=old $BIN/envdir d env -0', '$BIN/envdir links env -0 | grep -z LINK', 'PATH=other:/bin $BIN/envdir path prog; PATH=/bin $BIN/envdir path prog; $BIN/envdir path env | grep PATH',
    '$BIN/envdir nopath /usr/bin/env | grep PATH; PATH=other $BIN/envdir nopath prog', ...['shut', 'noentry', 'nolist', 'closedfile'].map((name) => `${games} $BIN/envdir ${name} true`), `cd shut; exec ${games} $BIN/envdir .. true`, 'mkdir gone; cd gone; rmdir ../gone; exec $BIN/envdir /proc/self true',
    'exec 3<>fifo; $BIN/envdir . true', 'cd d; exec $BIN/envdir ../many sh -c "pwd; echo $A"', ...[4, 5, 6].map((limit) => `/usr/bin/softlimit -o${limit} $BIN/envdir mixed true`), ...errors.slice(0, 4).map((name) => `$BIN/envdir mixed ${name}`),
  ],
  envuidgid: [
    ...['', 'nobody', 'nosuchaccount', 'nosuchaccount true', '"" true', '-- nobody env', '65534 true', 'nobody:nogroup true'].map((words) => `$BIN/envuidgid ${words}`),
    ...['nobody', 'root', 'daemon'].map((account) => `exec /usr/bin/env -i UID=5 X=1 GID=6 UID=7 Y=2 PATH=/usr/bin:/bin $BIN/envuidgid ${account} env`), `${games} $BIN/envuidgid root sh -c 'id; echo $UID:$GID'`, ...errors.slice(0, 4).map((name) => `$BIN/envuidgid nobody ${name}`),
  ],
  fghack: [
    '$BIN/fghack', ...errors.map((name) => `$BIN/fghack ${name}`), '$BIN/fghack sh -c "exit 7"', '$BIN/fghack -x true', "$BIN/fghack sh -c 'kill -9 $$'", "$BIN/fghack sh -c 'kill -SEGV $$'", '$BIN/fghack printf %s "$(printf \'\\377\\303\\251 \\001x\')" é', 'cat file | $BIN/fghack cat', '$BIN/fghack cat <&-', '$BIN/fghack echo x >&-', '$BIN/fghack x 2>&-',
    '$BIN/fghack sh -c "echo noise >&3; seq 1 100000 >&5; exit 4"', "trap '' CHLD; $BIN/fghack sh -c 'exit 7'", "trap '' CHLD; $BIN/fghack sh -c 'kill -9 $$'", ...[4, 5, 6, 20].map((limit) => `/usr/bin/softlimit -o${limit} $BIN/fghack ./list`), '$BIN/fghack env -u _', 'mkdir gone; cd gone; rmdir ../gone; exec $BIN/fghack echo here', `cd shut; exec ${games} $BIN/fghack echo here`,
  ],
  pgrphack: ['$BIN/pgrphack', '$BIN/pgrphack -x', "$BIN/pgrphack sh -c 'exit 7'", "$BIN/pgrphack sh -c 'kill -9 $$'", ...errors.map((name) => `$BIN/pgrphack ${name}`)],
  setlock: [
    ...['', 'f', '-n', '-n f', '--help', '--help f', '-q f true', '-nq f true', '-: f true', '"" true', '-x "" true', 'd true', '-x d true', '-xX d true', 'fifo true', 'missing/f true', 'file/f true', 'f true', '-nxNX f echo ran', '-- -n echo ran', '- echo ran', `${'x'.repeat(300)} true`].map((words) => `$BIN/setlock ${words}; e=$?; ls -l ./-* f 2>/dev/null | cut -c1-10; exit $e`),
    ...['-n', '-nx', '-xn', '-nX', '-nxX', '-nX -x'].map((flags) => `/usr/bin/setlock f $BIN/setlock ${flags} f echo ran`), '$BIN/setlock old.lock cat old.lock; $BIN/setlock old.lock sh -c "echo more >&3"; cat old.lock', "umask 0; $BIN/setlock new.lock ls -l new.lock | cut -c1-10", '$BIN/setlock f $BIN/setlock g $BIN/setlock h sh -c \'sed "s/.*://;/^flags/!d" /proc/$$/fdinfo/[3-5]; readlink /proc/$$/fd/3 /proc/$$/fd/4 /proc/$$/fd/5\'',
    '$BIN/setlock f sh -c "echo in the file >&0" <&-; cat f', '$BIN/setlock f nosuch 2>&-; cat f', '$BIN/setlock f true <&- >&- 2>&-', '/usr/bin/softlimit -o4 $BIN/setlock f ./list', `${games} $BIN/setlock f true`, `${games} $BIN/setlock -x f true`, ...errors.slice(0, 4).map((name) => `$BIN/setlock -x f ${name}`),
  ],
  softlimit: [
    ...['', '-d', '-d1', '-z', '-z true', '-d x true', '-dx -z true', '-z -dx true', '-d -1 true', '-d 1k true', '-d " 1" true', '--foo echo ran', '-- echo ran', '- true', '-:', '-m', '-m5000000', '-mx true', '-d1000000 -d1000000x true', '-d == true'].map((words) => `$BIN/softlimit ${words}`),
    ...['-m 30000000', '-m=', '-m 30000000 -s=', '-d 18446744073709551615', '-d 18446744073709551616', '-d 18446744073709551617000000', '-o 10', '-o 99999999', '-o=', '-p 100 -r 1000 -l 0 -t 100', '-l 99999999999', '-c 5 -f 7', '-f ""', '-s 1000000 -s 2000001', '-t "" -t 9', '-a 1000000007'].map((words) => `$BIN/softlimit ${words} cat /proc/self/limits`),
    '/usr/bin/softlimit -o 20 $BIN/softlimit -o = $BIN/softlimit -d 30000000 cat /proc/self/limits', '$BIN/softlimit -f 0 nosuch 2>err; e=$?; cat err; exit $e', '$BIN/softlimit -f 5 sh -c "echo 1234567890" >out; e=$?; cat out; exit $e', '$BIN/softlimit -o 0 nosuch', '$BIN/softlimit -a 0 nosuch', '$BIN/softlimit -m 0 ./bare', ...errors.slice(0, 4).map((name) => `$BIN/softlimit -d 1000000 ${name}`),
  ],
}

for (const loader of loaders) {
  t.test(`${loader}: what it says, how it ends, what it sets`, { ...able }, async (t) => {
    // a program that needs few descriptors to say which it has
    const list = join(scratch(t), 'list')
    fs.writeFileSync(`${list}.c`, '#include <fcntl.h>\n#include <stdio.h>\nint main(void) { for (int fd = 0; fd < 100; fd++) if (fcntl(fd, F_GETFD) >= 0) printf("%d %x\\n", fd, fcntl(fd, F_GETFL)); }\n')
    execFileSync('cc', ['-o', list, `${list}.c`])
    const scene = (folder: string): void => {
      prepare(folder)
      fs.copyFileSync(list, join(folder, 'list'))
    }
    await each([...new Set(lines[loader])], (line) => same(t, line.replaceAll('$BIN/', '').slice(0, 100), { script: line, prepare: scene }))
  })
}

t.test('envdir passes over a symbolic link to nothing', { ...able }, async (t) => {
  const folder = scratch(t)
  fs.mkdirSync(join(folder, 'e'))
  fs.symlinkSync('nowhere', join(folder, 'e/LINK'))
  fs.writeFileSync(join(folder, 'e/SET'), 'value')
  const ended = await run(t, '/usr/bin/env', ['-i', 'LINK=stays', `${ours.folder}/envdir`, 'e', '/usr/bin/env'], { cwd: folder })
  t.same([ended.code, ended.stdout, ended.stderr], [0, 'LINK=stays\nSET=value\n', ''])
})

const surroundings = [
  '', 'ignore=1 ignore=13 ignore=25 ignore=10 block=15 block=35', 'soft=7:50 soft=6:100 soft=3:200000', 'soft=2:3000000 soft=3:3000000 soft=8:3000000 soft=9:3000000', 'soft=9:30000000 soft=1:100000', 'soft=2:300000 soft=5:1 soft=11:100 soft=12:1000',
  'open=3:three open=5:five open=200:two-hundred', Array.from({ length: 40 }, (_, n) => `open=${n + 3}:/dev/null`).join(' '), 'pipe=7', 'close=0', 'close=1', 'close=2', 'close=0 close=1 close=2', 'open=3:three close=0', 'clear', 'clear env=A=1 env=GID=2 env=A=3 env=PATH=/bin env=UID=1 env=PATH=/usr/bin env=A=1 env=GID=3 env==x env=n',
  'env=NODE_OPTIONS=--bad env=NODE_PATH=/nowhere env=NODE_V8_COVERAGE=cover env=NODE_CHANNEL_FD=0 env=BUN_BE_BUN=1 env=BAD=%ff%fe', 'alarm=1000 nice=5 death=15',
]
const behind: Record<(typeof loaders)[number], string> = { envdir: 'envdir env', envuidgid: 'envuidgid nobody', fghack: 'fghack', pgrphack: 'pgrphack', setlock: 'setlock lock', softlimit: 'softlimit -d= -o 60 -c 0' }

for (const loader of loaders) {
  t.test(`behind ${loader}: no difference`, { ...able }, async (t) => {
    const programs = scratch(t)
    const [print, surround] = [compile(programs, 'print-inherited'), compile(programs, 'surround')]
    await each(surroundings, async (words) => {
      const script = `F=$PWD\nexec ${surround} ${words} -- $BIN/${behind[loader]} ${print} "$F/out" %ff%fe "" a%0ab %25`
      const outcomes = await play(t, { prepare: makeVariables, script, output: 'out', inOurSession: true })
      t.match(outcomes.theirs.output, /^out of memory/m, 'the C one printed')
      t.same(plain(outcomes.ours), plain(outcomes.theirs), words)
    })
  })
}

/** Those that wait for a reader of their own: ended at the latest with this process. */
const chains = new Set<Process>()
process.once('exit', () => chains.forEach((child) => child.running && child.signal('SIGKILL')))

t.test('one chain, each of its five either C or ours', { ...able }, async (t) => {
  const programs = scratch(t)
  const [print, surround] = [compile(programs, 'print-inherited'), compile(programs, 'surround')]
  const chain = async (mask: number): Promise<string[]> => {
    const folder = scratch(t)
    makeVariables(folder)
    execFileSync('mkfifo', ['-m', '666', join(folder, 'out')])
    const bin = [0, 1, 2, 3, 4].map((place) => (mask & (1 << place) ? ours : theirs).folder)
    const words = 'ignore=1 block=10 soft=7:300 open=5:five env=NODE_OPTIONS=--bad env=A=1 env=A=2 env=BAD=%ff'
    const script = `exec ${surround} ${words} -- ${bin[0]}/setlock lock ${bin[1]}/envdir env ${bin[2]}/softlimit -m 6000000 -o 60 -f 100001 -t 100 -c 0 -p 3000 ${bin[3]}/pgrphack ${bin[4]}/setuidgid games ${print} ${folder}/out %ff%fe ""`
    const child = new Process(t, '/bin/sh', ['-c', script], { cwd: folder, inOurSession: true })
    chains.add(child)
    // It has collected everything, and waits for a reader.
    await until('the program has the pid that the chain began with', () => fs.readFileSync(`/proc/${child.pid}/comm`, 'latin1') === 'print-inherited\n')
    const other = await run(t, '/usr/bin/setlock', ['-n', 'lock', 'true'], { cwd: folder })
    t.same([other.code, other.stderr], [111, 'setlock: fatal: unable to lock lock: temporary failure\n'], `${mask}: the lock is held`)
    const printed = await run(t, '/bin/cat', ['out'], { cwd: folder })
    const ended = await child.ended
    chains.delete(child)
    t.equal((await run(t, '/usr/bin/setlock', ['-n', 'lock', 'true'], { cwd: folder })).code, 0, `${mask}: and free when the program has ended`)
    const output = plain({ ...ended, output: printed.stdout.replaceAll(folder, 'FOLDER').replace(/(socket|pipe):\[\d+\]/g, '$1:[N]') })
    return [...output.output.split('\n'), output.stderr, `${output.code}`]
  }
  const golden = await chain(0)
  t.match(golden.join('\n'), /^descriptor 3 flags 1?0?6001 marked 0 .*FOLDER\/lock$/m)
  for (const line of ['environment: SET=value', 'limit 9: 6000000 ', 'limit 1: 100001 ', 'Uid:\t5\t5', 'session: ITSELF', 'group: ITSELF']) t.ok(golden.some((seen) => seen.startsWith(line)), line)
  await each(Array.from({ length: 31 }, (_, n) => n + 1), async (mask) => t.same(await chain(mask), golden, mask.toString(2).padStart(5, '0')))
})

t.test('a chain of ours is one start, but for what comes after a change of user', { ...able }, async (t) => {
  const folder = scratch(t)
  fs.cpSync(join(ours.folder, '..'), join(folder, 'build'), { recursive: true, verbatimSymlinks: true })
  fs.symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'))
  const runtime = join(folder, 'build/lib/node')
  const starts = join(folder, 'starts')
  fs.renameSync(runtime, `${runtime}.real`)
  writeProgram(runtime, `#!/bin/sh\necho "$1" >>${starts}\nexec ${fs.realpathSync(`${runtime}.real`)} "$@"\n`)
  fs.mkdirSync(join(folder, 'env'))
  fs.writeFileSync(join(folder, 'env/V'), 'value')
  const count = (chain: string): string => {
    fs.writeFileSync(starts, '')
    const result = execFileSync(join(folder, 'build/command', chain.split(' ')[0]!), chain.split(' ').slice(1), { cwd: folder, env: { PATH: `${folder}/build/command:/usr/bin:/bin` }, encoding: 'utf8' })
    return `${fs.readFileSync(starts, 'utf8').split('\n').length - 1} ${result}`
  }
  t.equal(count('envdir env pgrphack softlimit -o 50 envuidgid root setuidgid daemon id'), '1 uid=1(daemon) gid=1(daemon) groups=1(daemon)\n')
  t.equal(count('setuidgid root envdir env printenv V'), '2 value\n')
  t.equal(count('envdir env setlock lock softlimit -o 50 setuidgid root printenv V'), '1 value\n')
  t.equal(count('envdir env envdir env printenv V'), '2 value\n', 'the same again')
  t.equal(count('envdir env /usr/bin/softlimit -o 40 setlock lock printenv V'), '2 value\n', "C's in between")
})

t.test('softlimit: whatever the limits, the same end', { ...able }, async (t) => {
  const folder = scratch(t)
  makeVariables(folder)
  const print = compile(folder, 'print-inherited')
  const values = { m: [0, 1000, 300000, 1000000, 3000000, 5000000, 30000000], d: [0, 1, 50000, 300000, 3000000], a: [0, 4096, 1000000, 3000000, 30000000, 1e9], o: [0, 1, 2, 3, 4, 5, 10], p: [0, 1, 2, 100], s: [0, 1000, 200000, 1000000], f: [0, 1, 10000], l: [0, 1], r: [0, 1000], t: [1, 100] }
  const option = fc.oneof(...Object.entries(values).map(([letter, numbers]) => fc.constantFrom(...numbers, '=').map((value) => `-${letter}${value}`)))
  const command = fc.tuple(fc.array(option, { minLength: 1, maxLength: 3 }), fc.constantFrom([], [], ['setlock', 'lock'], ['envdir', 'env'], ['pgrphack'], ['softlimit', '-c0'], ['envuidgid', 'root']))
  await each(fc.sample(command, { numRuns: 150, seed: 76 }), async ([options, [inner, ...words]]) => {
    // The limits are set by softlimit or, where another one stands behind it, by the C one.
    const [theirEnd, ourEnd] = await Promise.all(
      both.map(async (implementation) => {
        const chain = inner === undefined ? [] : [`${implementation.folder}/${inner}`, ...words]
        const softlimit = inner === undefined ? implementation.folder : theirs.folder
        const scene = scratch(t)
        makeVariables(scene)
        const ended = await run(t, `${softlimit}/softlimit`, [...options, ...chain, print], { cwd: scene, env: {}, inOurSession: true })
        return plain({ ...ended, output: '', stdout: ended.stdout.replaceAll(scene, 'FOLDER').replace(/(socket|pipe):\[\d+\]/g, '$1:[N]'), stderr: ended.stderr.replaceAll(ours.folder, theirs.folder) })
      }),
    )
    t.same(ourEnd, theirEnd, [...options, inner, ...words].join(' '))
  })
})

t.test('setlock waits', { ...able }, async (t) => {
  const folder = scratch(t)
  for (const [holder, waiter] of [[theirs, ours], [ours, theirs], [ours, ours]] as const) {
    const start = (prefix: string, command: string): Process => new Process(t, '/bin/sh', ['-c', `${prefix} exec ${command}`], { cwd: folder })
    const first = start('', `${holder.folder}/setlock lock sh -c 'echo held; exec sleep 1000'`)
    await until('the lock is held', () => first.stdout === 'held\n')
    const [patient, mortal] = [start("trap '' HUP USR1;", `${waiter.folder}/setlock lock echo mine`), start('', `${waiter.folder}/setlock -Nx lock echo never`)]
    for (const { pid } of [patient, mortal]) await until('it waits', () => new RegExp(`-> FLOCK .* ${pid} `).test(fs.readFileSync('/proc/locks', 'latin1')))
    mortal.signal('SIGUSR1')
    t.match(await mortal.ended, { code: null, signal: 'SIGUSR1', stdout: '', stderr: '' }, `${waiter.name}: a signal ends it`)
    for (const signal of ['SIGHUP', 'SIGUSR1'] as const) patient.signal(signal)
    t.ok(patient.running && stateOf(patient.pid) !== 'Z')
    first.signal('SIGTERM')
    t.match(await patient.ended, { code: 0, stdout: 'mine\n', stderr: '' }, `${waiter.name} after ${holder.name}: those that it ignores do not, and it has its turn`)
  }
})

t.test('fghack waits for whoever has the pipe', { ...able }, async (t) => {
  for (const { name, folder: bin } of both) {
    const folder = scratch(t)
    execFileSync('mkfifo', [join(folder, 'fifo')])
    const start = (prefix = ''): Process => new Process(t, '/bin/sh', ['-c', `${prefix} exec ${bin}/fghack sh -c 'cat fifo >/dev/null & echo $!; exit 7'`], { cwd: folder })
    const [patient, mortal] = [start("trap '' HUP;"), start()]
    for (const child of [patient, mortal]) await until('its child is in the background', () => child.stdout.endsWith('\n'))
    mortal.signal('SIGTERM')
    await mortal.exited
    patient.signal('SIGHUP')
    const writer = await until('somebody reads the fifo', () => openFifo(join(folder, 'fifo')))
    t.ok(patient.running, `${name}: the child has ended, its descendant has not`)
    fs.closeSync(writer)
    t.match(await patient.ended, { code: 7, stderr: '' }, name)
    t.match(await mortal.ended, { signal: 'SIGTERM', stderr: '' }, `${name}: a signal ends fghack alone`)
  }
})

t.test('fghack leaves a standard input non-blocking that somebody has made so', { ...able }, async (t) => {
  const folder = scratch(t)
  execFileSync('mkfifo', [join(folder, 'fifo')])
  for (const { name, folder: bin } of both) {
    const stdin = fs.openSync(join(folder, 'fifo'), fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
    // by way of 3: the test's own child_process makes 0 blocking
    const ended = await run(t, '/bin/sh', ['-c', `exec ${bin}/fghack grep flags /proc/self/fdinfo/0 <&3 3<&-`], { stdio: ['ignore', 'pipe', 'pipe', stdin] })
    fs.closeSync(stdin)
    t.match(ended.stdout, /^flags:\t0?1?0?4002$/m, name)
  }
})

function openFifo(path: string): number | undefined {
  try {
    return fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

/** The directory env, for envdir. */
function makeVariables(folder: string): void {
  fs.mkdirSync(join(folder, 'env'))
  for (const [name, value] of Object.entries({ SET: 'value', A: 'new\0line', UID: '', PATH: '/nowhere', NODE_OPTIONS: '--worse' })) fs.writeFileSync(join(folder, 'env', name), value)
}

/** Without what differs between any two runs. */
function plain<T extends { output: string; stdout: string }>(outcome: T): T {
  const withoutPids = (text: string): string =>
    text.replace(/^pid: (\d+)$[^]*/m, (rest, pid: string) => rest.replaceAll(` ${pid}\n`, ' ITSELF\n').replace(/^parent: .*$/m, 'parent'))
  return { ...outcome, output: withoutPids(outcome.output), stdout: withoutPids(outcome.stdout) }
}
