/**
 * svctl with real trees: ours, and Debian's svscan and supervise. What it concludes from what it sees is in packages/client's tests, what its
 * screens look like in svctl-screens.test.ts.
 *
 * Not tested: a disk that is full, a file system that does not answer.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { forever, House } from './support/house.ts'
import { both, ours, theirs, unlessAble } from './support/implementation.ts'
import { type Ended, Process, run } from './support/process.ts'
import { readRecord, readStatus } from './support/status.ts'
import { scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const svctl = `${ours.folder}/svctl`
const able = () => unlessAble({ ours: ['svctl', 'svscan'] })
const secret = 'hunter2'

/** Runs svctl on the folder of a house. */
function tell(house: House, ...args: string[]): Promise<Ended> {
  return run(house.t, svctl, args, { env: { PATH: '/usr/bin:/bin', SVCTL_ROOT: house.folder } })
}

interface Seen {
  name: string
  state: string
  pid: number | null
  restarts: number | null
  lastExit: { code?: number; signal?: string; meaning: string | null } | null
  diagnoses: { rule: string; cause: string; advice: string | null; command: string | null }[]
  log: { state: string; directory: string } | null
}

async function services(house: House, ...args: string[]): Promise<Seen[]> {
  const { stdout, stderr } = await tell(house, ...args, '--json')
  if (stderr !== '') throw new Error(stderr)
  return (JSON.parse(Buffer.from(stdout, 'latin1').toString()) as { services: Seen[] }).services
}

const rulesOf = ({ diagnoses }: Seen): string[] => diagnoses.map(({ rule }) => rule)

t.jobs = 2

t.test('svctl why: each cause is found, where there is one', able(), async (t) => {
  const house = new House(t, ours, (house) => {
    const add = (name: string, service: Parameters<House['make']>[1]): string => (house.make(name, service), house.link(name), join(house.elsewhere, name))
    add('well', { run: forever, log: '#!/bin/sh\nexec multilog t ./main\n' })
    add('loops', { run: '#!/bin/sh\nexit 3\n' })
    add('mode', { run: forever })
    fs.chmodSync(join(house.elsewhere, 'mode/run'), 0o644)
    add('zork', { run: '#!/bin/zork\n' })
    add('norun', {})
    add('isdown', { run: forever, down: true })
    const gaveUp = add('gaveup', { run: '#!/bin/sh\nexit 9\n' })
    writeProgram(join(gaveUp, 'finish'), '#!/bin/sh\necho "wrong password - edit it" >supervise/reason.new\nmv supervise/reason.new supervise/reason\nexit 125\n')
    const slow = add('slow', { run: '#!/bin/sh\nsleep 1\nexit 7\n' })
    fs.writeFileSync(join(slow, 'restart-delay'), '3600000\n3600000')
    const unready = add('ready', { run: '#!/bin/sh\necho >&3\nexec sleep 100000\n' })
    fs.writeFileSync(join(unready, 'notification-fd'), '3')
    add('badlog', { run: forever, log: '#!/bin/sh\nexit 111\n' })
    fs.symlinkSync('../var/nowhere', house.dir('dangling'))
  })
  await house.up('well', 'ready', 'badlog')
  const restarts = (name: string): number => readRecord(house.dir(name))?.restarts ?? 0
  await until('the loops have begun', () => ['loops', 'mode', 'zork', 'norun', 'badlog/log'].every((name) => restarts(name) >= 2) && restarts('slow') === 1)
  const seen = new Map((await services(house, 'why')).map((service) => [service.name, service]))
  const all = await services(house, 'ls')
  t.same([...seen.keys()].sort(), ['badlog', 'dangling', 'gaveup', 'loops', 'mode', 'norun', 'slow', 'zork'], 'those in trouble')
  t.same(rulesOf(seen.get('loops')!), ['crash-loop'])
  t.match(seen.get('loops')!.diagnoses[0]!.cause, /^it ends again and again: exited 3,/)
  t.match(seen.get('mode')!.diagnoses, [{ rule: 'run-fault', command: `chmod +x ${house.dir('mode')}/run` }])
  t.match(seen.get('zork')!.diagnoses, [{ rule: 'run-fault', cause: /names \/bin\/zork, which is not there$/ }])
  t.match(seen.get('norun')!.diagnoses, [{ rule: 'run-fault', cause: `there is no ${house.dir('norun')}/run` }])
  t.match(seen.get('gaveup')!.diagnoses, [{ rule: 'failed', cause: /^wrong password: it exited 9,/, advice: 'edit it' }])
  t.match(seen.get('slow')!.diagnoses, [{ rule: 'waiting', cause: /: it exited 7; next start in / }])
  t.match(seen.get('badlog')!.diagnoses.map(({ rule }) => rule), ['fine', 'log-crash-loop'])
  t.match(seen.get('dangling')!.diagnoses, [{ rule: 'dangling' }])
  t.match(all.find(({ name }) => name === 'isdown'), { state: 'down', diagnoses: [{ rule: 'down-file' }] })
  t.match(all.find(({ name }) => name === 'ready'), { state: 'ready' })
  t.match(all.find(({ name }) => name === 'well'), { state: 'up', restarts: 0, log: { state: 'up', directory: `${house.dir('well')}/log/main` } })
  t.same(new Set(all.slice(0, seen.size).map(({ name }) => name)), new Set(seen.keys()), 'they come first')
})

t.test('svctl why: what supervise/reason says of an earlier end is not said again', able(), async (t) => {
  const house = new House(t, ours, (house) => {
    const dir = house.make('once', { run: '#!/bin/sh\ncase $(cat count) in 1) echo 2 >count; exit 9;; esac\nexit 8\n' })
    house.link('once')
    fs.writeFileSync(join(dir, 'count'), '1\n')
    writeProgram(join(dir, 'finish'), '#!/bin/sh\n[ "$1" = 9 ] && echo "the first - cure" >supervise/reason\nexit 125\n')
  })
  await until('it has given up', () => readRecord<{ failed: boolean }>(house.dir('once'))?.failed)
  t.match((await services(house, 'why', 'once'))[0]!.diagnoses[0], { cause: /^the first: it exited 9/, advice: 'cure' })
  await until('file times have moved on', () => Date.now() - fs.statSync(join(house.dir('once'), 'supervise/reason')).mtimeMs > 100)
  await tell(house, 'up', 'once')
  await until('it has ended again', () => readRecord<{ failed: boolean; lastExit: { code: number } }>(house.dir('once'))?.lastExit.code === 8)
  await until('it has given up', () => readRecord<{ failed: boolean }>(house.dir('once'))?.failed)
  t.match((await services(house, 'why', 'once'))[0]!.diagnoses[0], { cause: /^it exited 8/ })
})

for (const implementation of both) {
  const needs = () => unlessAble({ ours: ['svctl', 'svscan'], ...(implementation === theirs && { theirs: ['svscan', 'supervise'] }) })

  t.test(`svctl, ${implementation.name}: the verbs, and waiting for what comes of them`, needs(), async (t) => {
    const house = new House(t, implementation, (house) => {
      for (const name of ['a', 'a2', 'isdown']) (house.make(name, { run: forever, down: name === 'isdown' }), house.link(name))
      house.make('loops', { run: '#!/bin/sh\nexit 3\n' })
      house.link('loops')
    })
    const [pid] = await house.up('a', 'a2')
    const restarted = await tell(house, 'restart', 'a')
    t.match(restarted, { code: 0, stdout: /^a: restarted after \d+\.\ds, pid \d+, before \d+\n$/, stderr: '' })
    t.not(readStatus(house.dir('a'))!.pid, pid)
    t.match(restarted.stdout, new RegExp(`pid ${readStatus(house.dir('a'))!.pid}, before ${pid}\n`), 'the one that is up now')
    t.match(await tell(house, 'down', 'a*', '--wait=down'), { code: 0, stdout: /^a: down after .*\na2: down after .*\n$/ }, 'patterns')
    t.equal(readStatus(house.dir('a'))!.pid, 0)
    t.match(await tell(house, 'is-up', 'a'), { code: 1, stdout: '', stderr: '' })
    t.match(await tell(house, 'hup', 'a'), { code: 111, stdout: '', stderr: 'svctl: warning: a: unable to send HUP: it is down\n' })
    t.match(await tell(house, 'up', house.dir('a'), '--wait=up', '--for=0.3'), { code: 0, stdout: /^a: up after .*, pid \d+\n$/ }, 'a path')
    t.match(await tell(house, 'is-up', 'a'), { code: 0, stdout: '' })
    t.match(await tell(house, 'is-up', 'a', 'isdown'), { code: 1 })
    t.match(await tell(house, 'restart', 'a2'), { code: 0, stdout: /^a2: up after / }, 'what was down is started')
    t.match(await tell(house, 'pause', 'a'), { code: 0, stdout: /^a: paused: STOP to pid \d+\n$/ })
    await until('it is paused', () => readStatus(house.dir('a'))!.paused === 1)
    t.match(await services(house, 'why', 'a'), [{ state: 'paused', diagnoses: [{ rule: 'paused', command: `svctl cont ${house.dir('a')}` }] }])
    t.match(await tell(house, 'signal', 'sigcont', 'a'), { code: 0 })
    await until('it goes on', () => readStatus(house.dir('a'))!.paused === 0)
    t.match(await tell(house, 'wait', '--ready', 'a'), { code: 111, stderr: /^svctl: warning: a: not ready, and will not be: / }, 'it cannot say so')
    t.match(await tell(house, 'wait', '--down', 'a', '--timeout=0.5'), { code: 99, stdout: '', stderr: /^svctl: warning: a: not down after 0s: / })
    const loop = await tell(house, 'wait', '--up', '--for=30', 'loops', '--timeout=5')
    t.match(loop, { code: 99, stderr: /not up after 5s: it ends again and again: / }, 'it is up again and again, and not for long enough')
    t.match(await services(house, 'why', 'loops'), [{ diagnoses: [{ rule: 'crash-loop' }] }])
    t.match(await services(house, 'why', 'isdown'), [{ state: 'down', diagnoses: [{ rule: 'down-file' }] }])
    t.match(await services(house, 'why', 'a'), [{ state: 'up' }])
  })

  t.test(`svctl events -f, ${implementation.name}: tells what happens, as it happens`, needs(), async (t) => {
    const house = new House(t, implementation, (house) => (house.make('a', { run: forever }), house.link('a'), house.make('late', { run: forever })))
    const [pid] = await house.up('a')
    const events = new Process(t, svctl, ['events', '-f', '--json'], { env: { SVCTL_ROOT: house.folder } })
    const seen = (): Record<string, unknown>[] => events.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>)
    const see = (what: string, matches: (event: Record<string, unknown>) => boolean): Promise<unknown> => until(what, () => seen().some(matches), () => events.stdout + events.stderr)
    await see('the start that was before', ({ event, pid: started }) => event === 'started' && started === pid)
    process.kill(pid!, 'SIGKILL')
    await see('its end', ({ event, name }) => event === 'ended' && name === 'a')
    await see('its next start', ({ event, pid: started }) => event === 'started' && started !== pid)
    if (implementation === ours) t.match(seen().find(({ event }) => event === 'ended'), { schema: 'svctl.event/1', exit: { signal: 'SIGKILL' } })
    house.link('late')
    await see('a service that came', ({ event, name }) => event === 'supervised' && name === 'late')
    fs.unlinkSync(house.dir('late'))
    await see('a service that went', ({ event, name }) => event === 'removed' && name === 'late')
    events.signal('SIGINT')
    await events.exited
    t.equal(events.stderr, '')
  })
}

t.test('svctl wait --ready, and restart --wait=ready', able(), async (t) => {
  const house = new House(t, ours, (house) => {
    const dir = house.make('r', { run: '#!/bin/sh\nuntil [ -e go ]; do sleep 0.1; done\necho >&3\nexec sleep 100000\n' })
    fs.writeFileSync(join(dir, 'notification-fd'), '3')
    house.link('r')
  })
  await house.up('r')
  t.match(await tell(house, 'wait', '--ready', 'r', '--timeout=0.3'), { code: 99 })
  const waiting = tell(house, 'wait', '--ready', 'r')
  fs.writeFileSync(join(house.dir('r'), 'go'), '')
  t.match(await waiting, { code: 0, stdout: /^r: ready, pid \d+\n$/ })
  t.match(await tell(house, 'restart', 'r', '--wait=ready'), { code: 0, stdout: /^r: restarted after / })
  t.match(await tell(house, 'is-up', '--ready', 'r'), { code: 0 })
})

t.test('svctl up --wait: what finish has given up is not waited for', able(), async (t) => {
  const house = new House(t, ours, (house) => {
    const dir = house.make('g', { run: '#!/bin/sh\nexit 9\n', down: true })
    writeProgram(join(dir, 'finish'), '#!/bin/sh\nexit 125\n')
    house.link('g')
  })
  await house.supervised('g')
  t.match(await tell(house, 'up', 'g', '--wait=up', '--for=60'), { code: 111, stdout: '', stderr: /^svctl: warning: g: not up, and will not be: it exited 9, and its finish said/ })
})

t.test('svctl without a supervisor says so, and how to get one', able(), async (t) => {
  const house = new House(t, ours, (house) => (house.make('a', { run: forever }), house.link('a'), house.make('b', { run: forever })), false)
  t.match(await services(house, 'why'), [{ state: 'unsupervised', diagnoses: [{ rule: 'no-svscan', command: `svscan ${house.folder} &` }] }])
  t.match(await services(house, 'why', join(house.elsewhere, 'b')), [{ diagnoses: [{ rule: 'not-linked', command: `ln -s ${join(house.elsewhere, 'b')} ${house.folder}/` }] }])
  t.match(await tell(house, 'up', 'a'), { code: 111, stderr: `svctl: warning: a: unable to control ${house.dir('a')}: file does not exist\n` })
  house.start()
  await house.up('a')
  await house.crash()
  t.match((await services(house, 'why', 'a'))[0]!.diagnoses[0]!.cause, /its program runs on, pid \d+, and the next supervisor takes it up$/)
})

t.test('svctl shows others than root and the owner that it may not look', unlessAble({ root: true, ours: ['svctl', 'svscan', 'setuidgid'] }), async (t) => {
  const house = new House(t, ours, (house) => (house.make('a', { run: forever }), house.link('a')))
  await house.up('a')
  const asNobody = (...args: string[]) => run(t, `${ours.folder}/setuidgid`, ['nobody', svctl, ...args], { env: { SVCTL_ROOT: house.folder } })
  t.match(await asNobody('why'), { code: 0, stdout: /^a: unknown\nwhy: .*supervise is closed to you; it is open to its owner and root\n {2}try: sudo svctl why / })
  t.match(await asNobody('wait', 'a'), { code: 111, stderr: /^svctl: warning: a: not up, and will not be: .* is closed to you/ })
  t.match(await asNobody('down', 'a'), { code: 111, stderr: /access denied/ })
  t.ok(house.isUp('a'))
})

t.test('svctl never shows the environment, nor what is named like a secret', able(), async (t) => {
  const house = new House(t, ours, (house) => {
    const dir = house.make('a', { run: `#!/bin/sh\nSECRET=${secret} exec sh -c 'while :; do sleep 1; done' prog --password=${secret} --token ${secret}\n` })
    fs.mkdirSync(join(dir, 'env'))
    fs.writeFileSync(join(dir, 'env/SECRET'), secret)
    house.link('a')
  })
  const [pid] = await house.up('a')
  await until('it has become its program', () => fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('--token'))
  for (const args of [['ls'], ['status', 'a'], ['why', 'a'], ['events']]) {
    for (const more of [[], ['--json']]) {
      const { stdout, code } = await tell(house, ...args, ...more)
      t.equal(code, 0)
      t.notOk(stdout.includes(secret), [...args, ...more].join(' '))
    }
  }
  t.match((await tell(house, 'status', 'a')).stdout, /--password=\*\*\* --token \*\*\*/)
})

t.test('svctl: reading starts nothing, and changes nothing on disk', able(), async (t) => {
  const house = new House(t, ours, (house) => (house.make('a', { run: forever }), house.link('a')))
  const [pid] = await house.up('a')
  const look = () => fs.readdirSync(house.elsewhere, { recursive: true }).sort()
  const before = look()
  for (const args of [['ls'], ['status', 'a'], ['why', 'a'], ['events'], ['is-up', 'a'], ['wait', 'a']]) t.equal((await tell(house, ...args)).code, 0)
  t.same(look(), before)
  t.equal(readStatus(house.dir('a'))!.pid, pid)
})

t.test('svctl: a wrong command line is refused in two lines, and does nothing', able(), async (t) => {
  const folder = scratch(t)
  const wrong: [string[], RegExp][] = [
    [['lss'], /^svctl: fatal: unknown command lss: did you mean ls\?\n/],
    [['ls', '--jsno'], /^svctl: fatal: unknown option --jsno: did you mean --json\?\n/],
    [['ls', '-q'], /^svctl: fatal: unknown option -q\n/],
    [['--root'], /^svctl: fatal: option --root needs a value\n/],
    [['status'], /^svctl: fatal: a name is missing\n/],
    [['signal', 'WINCH', 'a'], /^svctl: fatal: unknown signal WINCH\n/],
    [['up', 'a', '--wait=soon'], /^svctl: fatal: /],
    [['up', 'a', '--timeout=x'], /^svctl: fatal: option --timeout needs a number of seconds\n/],
    [['wait', '--up', '--down', 'a'], /^svctl: fatal: one of --up, --ready and --down is enough\n/],
    [['completion', 'csh'], /^svctl: fatal: unknown shell csh\n/],
    [['status', 'nope'], /^svctl: fatal: unable to find nope: no such service in .*\n/],
  ]
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await run(t, svctl, args, { env: { SVCTL_ROOT: folder } })
    t.match({ code, stdout, stderr }, { code: 100, stdout: '', stderr: message }, args.join(' '))
    t.ok(stderr.split('\n').length <= 3, 'no help that nobody has asked for')
  }
  t.match(await run(t, svctl, ['ls', '--root', `${folder}/nowhere`]), { code: 111, stdout: '', stderr: /^svctl: fatal: unable to read the service folder .*: file does not exist\n/ })
})

t.test('svctl: help is on standard output, when it is asked for, in English', able(), async (t) => {
  for (const args of [['--help'], ['help', 'why'], ['why', '--help'], ['-h']]) {
    const { code, stdout, stderr } = await run(t, svctl, args, { env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } })
    t.match({ code, stderr }, { code: 0, stderr: '' })
    t.match(stdout, /Options:/)
  }
  t.match(await run(t, svctl, ['--version']), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/, stderr: '' })
  t.match(await run(t, svctl, [], { env: { SVCTL_ROOT: scratch(t) } }), { code: 0, stdout: /^no services in / }, 'without a command: ls')
})

t.test('svctl completion: what the shells take', able(), async (t) => {
  const folder = scratch(t)
  for (const name of ['web', 'worker', 'mail']) fs.mkdirSync(join(folder, name))
  const script = join(scratch(t), 'script')
  const complete = async (shell: string, program: string): Promise<string> => {
    fs.writeFileSync(script, (await run(t, svctl, ['completion', shell])).stdout)
    return (await run(t, shell, ['-c', program], { env: { PATH: process.env['PATH'], SVCTL_ROOT: folder, HOME: folder } })).stdout
  }
  const bash = (words: string, at: number, program = '_svctl') => complete('bash', `. ${script}; COMP_WORDS=(${words}); COMP_CWORD=${at}; ${program}; echo "\${COMPREPLY[@]}"`)
  t.equal(await bash('svctl w', 1), 'why wait\n')
  t.equal(await bash('svctl why w', 2), 'web worker\n')
  t.equal(await bash('svctl why --j', 2), '--json\n')
  t.match(await bash('svc -', 1, '_svc'), /^-u -d .*-2\n$/)
  if (!fs.existsSync('/usr/bin/fish')) return t.comment('fish is not installed: not tried')
  t.match(await complete('fish', `source ${script}; complete -C 'svctl why w'`), /^web\tservice\nworker\tservice\n$/)
  t.match(await complete('fish', `source ${script}; complete -C 'svc -'`), /-t\tterm\n/)
})

t.test('no classic command has any of svctl in it', unlessAble({ ours: ['svctl'] }), async (t) => {
  const lib = join(ours.folder, '../lib')
  const bundles = fs.readdirSync(lib).filter((name) => name.endsWith('.cjs'))
  const withYargs = bundles.filter((name) => fs.readFileSync(join(lib, name), 'latin1').includes('YError'))
  if (bundles.length === 0) return t.pass('one executable holds all')
  t.ok(withYargs.includes('svctl.cjs'))
  for (const name of ['svc', 'svok', 'svstat', 'svscan', 'supervise', 'multilog', 'setuidgid']) t.notOk(withYargs.includes(`${name}.cjs`), name)
})
