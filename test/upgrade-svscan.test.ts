/**
 * HUP: svscan executes itself, and nobody notices. What happens to a service under load meanwhile is in upgrade.test.ts.
 *
 * Not tested: a signal in the first instants of the new program, before it is listened to; a probe that hangs (30 seconds).
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { forever, House, keepLines } from './support/house.ts'
import { checkout, copyBuild, type Implementation, ours, theirs, unlessAble } from './support/implementation.ts'
import { keepersOf, oneKeeper, openFiles } from './support/keeper.ts'
import { isAlive, kill, parentOf, run, type StartOptions, stateOf } from './support/process.ts'
import { isSupervised, readRecord, readStatus, writeControl } from './support/status.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = unlessAble({ theirs: ['svscan', 'svc'], ours: ['svscan', 'svc'] })
const noted = '#!/bin/sh\necho $$ >>pids\nexec sleep 100000\n'
/** Ends with the exit code that is written into its FIFO `ask`; once that is there it notes its pid. */
const obedient = '#!/bin/sh\n[ -p ask ] || mkfifo ask\nexec 3<>ask\necho $$ >>pids\nread -r code <&3\nexit "$code"\n'

function pidOf(house: House, name: string): number {
  return readStatus(house.dir(name))?.pid ?? 0
}

/** Has svscan execute itself and waits until the new one is at work. There has to be a log/, so that there is a keeper. */
async function upgrade(house: House, names: readonly string[]): Promise<void> {
  const before = await oneKeeper(house, names)
  house.svscan.signal('SIGHUP')
  await oneKeeper(house, names, before)
}

/** The build as an installation has it: in numbered folders, of which a link leads to the newest. */
class Installation implements Implementation {
  readonly name = 'ours'
  readonly root: string

  constructor(t: Test) {
    this.root = scratch(t)
    for (const generation of [1, 2]) copyBuild(join(this.root, `dist.${generation}`))
    fs.symlinkSync(fs.realpathSync(join(checkout, 'node_modules')), join(this.root, 'node_modules'))
    this.use(1)
  }

  get folder(): string {
    return join(this.root, 'dist/command')
  }

  use(generation: number): void {
    fs.symlinkSync(`dist.${generation}`, join(this.root, 'fresh'))
    fs.renameSync(join(this.root, 'fresh'), join(this.root, 'dist'))
  }

  /** Whether a process is of a generation: it has the `launch` open that lies there. */
  isOf(pid: number, generation: number): boolean {
    return [...openFiles(pid).values()].includes(join(this.root, `dist.${generation}/lib/launch`))
  }
}

t.test('HUP: the same svscan, the same services, the same status; ends are known, and svc works', { ...able }, async (t) => {
  const names = ['sv', 'sv/log', 'down', 'down/log', 'once', 'paused']
  const house = new House(t, ours, (house) => {
    for (const name of ['sv', 'down']) house.make(name, { run: obedient, log: keepLines })
    for (const name of ['once', 'paused']) house.make(name, { run: noted })
    for (const name of ['sv', 'down', 'once', 'paused']) house.link(name)
  })
  await house.up(...names)
  writeControl(house.dir('down'), 'd')
  writeControl(house.dir('once'), 'o')
  writeControl(house.dir('paused'), 'p')
  await until('down, once and paused', () => pidOf(house, 'down') === 0 && readStatus(house.dir('once'))!.want === '\0' && readStatus(house.dir('paused'))!.paused === 1)
  await until('it listens', () => house.lines('sv/pids').length === 1)
  const { pid } = house.svscan
  const before = names.map((name) => readStatus(house.dir(name)))
  await upgrade(house, names)
  t.ok(house.svscan.running, 'svscan is the same process')
  t.same(names.map((name) => readStatus(house.dir(name))), before, 'each status is as it was')
  for (const name of ['sv', 'sv/log', 'once', 'paused']) t.equal(parentOf(pidOf(house, name)), pid, `${name} is still its child`)

  const { stderr } = await run(t, `${theirs.folder}/svc`, ['-c', 'paused'], { cwd: house.folder })
  t.equal(stderr, '')
  await until('paused goes on', () => readStatus(house.dir('paused'))!.paused === 0 && stateOf(pidOf(house, 'paused')) !== 'T')
  fs.writeFileSync(join(house.elsewhere, 'sv/ask'), '7\n')
  await until('its end is noticed, and it is started again', () => house.lines('sv/pids').length === 2 && house.isUp('sv'))
  t.equal(readRecord(house.dir('sv'))!.lastExit?.code, 7, 'its exit code is known')
  kill(pidOf(house, 'once'), 'SIGUSR1')
  await until('once has ended', () => pidOf(house, 'once') === 0)
  t.equal(readRecord(house.dir('once'))!.lastExit?.signal, 'SIGUSR1')
  writeControl(house.dir('down'), 'u')
  await house.up('down')
  t.equal(house.svscan.stderr, '')
})

t.test('what ends while svscan executes itself: its exit code is known, and it is started again once', { ...able }, async (t) => {
  const codes = Array.from({ length: 25 }, (_, n) => n + 1)
  const house = new House(t, ours, (house) => {
    for (const code of codes) house.link(`s${code}`, (house.make(`s${code}`, { run: obedient, ...(code === 1 && { log: keepLines }) }), `s${code}`))
  })
  const names = codes.map((code) => `s${code}`)
  await house.up(...names, 's1/log')
  await until('all listen', () => names.every((name) => house.lines(`${name}/pids`).length === 1))
  const before = await oneKeeper(house, names)
  house.svscan.signal('SIGHUP')
  for (const code of codes) {
    fs.writeFileSync(join(house.elsewhere, `s${code}/ask`), `${code}\n`)
    await pause(10) // over the whole of it
  }
  await oneKeeper(house, names, before)
  await until('all are started again', () => names.every((name) => house.lines(`${name}/pids`).length === 2 && house.isUp(name)), () => names.filter((name) => !house.isUp(name)).join())
  t.same(names.map((name) => readRecord(house.dir(name))!.lastExit?.code), codes)
  t.same(names.map((name) => house.lines(`${name}/pids`).length), names.map(() => 2))
  t.equal(house.svscan.stderr, '')
})

t.test('letters that are written while svscan executes itself are obeyed', { ...able }, async (t) => {
  const names = Array.from({ length: 40 }, (_, n) => `s${n}`)
  const house = new House(t, ours, (house) => {
    for (const name of names) house.link(name, (house.make(name, { run: noted, down: true, ...(name === 's0' && { log: keepLines }) }), name))
  })
  await house.up('s0/log')
  await house.supervised(...names)
  const before = await oneKeeper(house, names)
  house.svscan.signal('SIGHUP')
  for (const name of names) {
    t.ok(isSupervised(house.dir(name)), `${name} is supervised`)
    writeControl(house.dir(name), 'u')
    await pause(8) // over the whole of it
  }
  await oneKeeper(house, names, before)
  await house.up(...names)
  await until('each has begun', () => names.every((name) => house.lines(`${name}/pids`).length === 1))
  t.equal(house.svscan.stderr, '')
})

t.test('what programs inherit is the same before and after', unlessAble({ root: true, theirs: [], ours: ['svscan'], files: ['/usr/bin/cc'] }), async (t) => {
  const programs = scratch(t)
  const [print, surround] = [compile(programs, 'print-inherited'), compile(programs, 'surround')]
  const words: Record<string, string[]> = {
    'nothing special': [],
    'limits, signals, descriptors, variables': ['ignore=1', 'ignore=13', 'ignore=25', 'block=10', 'block=35', 'soft=7:300', 'soft=9:30000000', 'soft=3:200000', 'soft=6:100', 'open=3:three', 'open=200:two-hundred', 'pipe=7', 'env=NODE_OPTIONS=--bad', 'env=BAD=%ff%fe', 'env=a.b=1', 'env=A=1', 'env=A=2', 'nice=5'],
    'hard limits': ['hard=7:400', 'hard=1:100000', 'hard=4:0'],
    'standard input closed': ['close=0'],
  }
  for (const [name, surroundings] of Object.entries(words)) {
    // One print for each start, into the file that `out` names.
    const script = `#!/bin/sh\nread -r out <out\nexec ${print} "$out"\n`
    const house = new House(t, ours, (house) => {
      house.make('sv', { run: script, log: script, down: true })
      fs.writeFileSync(join(house.elsewhere, 'sv/log/down'), '')
      house.link('sv')
    }, false)
    const start = { folder: programs, name: 'ours' } as const
    fs.writeFileSync(join(programs, 'svscan'), `#!/bin/sh\ncd ${house.folder}\nexec ${surround} ${surroundings.join(' ')} -- ${ours.folder}/svscan "$@"\n`)
    fs.chmodSync(join(programs, 'svscan'), 0o755)
    house.start(start)
    await house.supervised('sv', 'sv/log')
    const prints = async (out: string): Promise<string[]> =>
      Promise.all(
        ['sv', 'sv/log'].map(async (name) => {
          const file = join(house.elsewhere, name, out)
          fs.writeFileSync(join(house.elsewhere, name, 'out'), `${out}\n`)
          writeControl(house.dir(name), 'o')
          const text = await until(`${name} has printed`, () => fs.existsSync(file) && /^out of memory: /m.test(fs.readFileSync(file, 'latin1')) && fs.readFileSync(file, 'latin1'))
          await until('it has ended', () => pidOf(house, name) === 0)
          return text.replace(/^pid: .*$/m, 'pid').replace(`argument: ${out}`, 'argument')
        }),
      )
    const before = await prints('before')
    await upgrade(house, ['sv', 'sv/log'])
    await upgrade(house, ['sv', 'sv/log'])
    const after = await prints('after')
    for (const index of [0, 1]) t.same(after[index]!.split('\n'), before[index]!.split('\n'), `${name}: ${index === 0 ? 'the service' : 'its logger'}`)
    t.match(before[0], new RegExp(`^parent: ${house.svscan.pid}$`, 'm'))
  }
})

t.test('a service whose link was removed, or renamed, is still supervised', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    for (const name of ['gone', 'old']) house.link(name, (house.make(name, { run: noted, log: keepLines }), name))
    house.link('stays', (house.make('stays', { run: noted, log: keepLines }), 'stays'))
  })
  await house.up('gone', 'gone/log', 'old', 'old/log', 'stays', 'stays/log')
  fs.unlinkSync(house.dir('gone'))
  fs.renameSync(house.dir('old'), house.dir('new'))
  await upgrade(house, ['stays', 'new', 'new/log'])
  const gone = join(house.elsewhere, 'gone')
  for (const dir of [gone, `${gone}/log`, house.dir('new'), house.dir('new/log')]) {
    const { pid } = readStatus(dir)!
    t.ok(isSupervised(dir) && isAlive(pid), dir.replace(house.elsewhere, 'VAR'))
    writeControl(dir, 'k')
    await until('started again', () => readStatus(dir)!.pid !== 0 && readStatus(dir)!.pid !== pid)
  }
  writeControl(gone, 'dx')
  writeControl(`${gone}/log`, 'dx')
  await until('it is left', () => !isSupervised(gone) && !isSupervised(`${gone}/log`))
  t.equal(house.svscan.stderr, '')
})

/** New programs that are none; `svscan` is where the link leads to. */
const broken: Record<string, { make: (svscan: string) => void; says?: string }> = {
  'there is none': { make: () => undefined, says: 'file does not exist' },
  'it may not be executed': { make: (svscan) => fs.writeFileSync(svscan, '#!/bin/sh\n'), says: 'access denied' },
  'it fails': { make: (svscan) => fs.writeFileSync(svscan, '#!/bin/sh\necho what >&2\nexit 1\n', { mode: 0o755 }) },
  'it is killed': { make: (svscan) => fs.writeFileSync(svscan, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 }) },
  'it is one of another kind': { make: (svscan) => fs.symlinkSync(`${theirs.folder}/svscan`, svscan) },
}

t.test('a new program that does not start is refused with a clear line, and nothing changes; one that does is taken', { ...able }, async (t) => {
  const installation = new Installation(t)
  const names = ['sv', 'sv/log']
  const house = new House(t, installation, (house) => house.link('sv', (house.make('sv', { run: obedient, log: keepLines }), 'sv')))
  const pids = await house.up(...names)
  const svscan = join(installation.root, 'dist.2/command/svscan')
  fs.renameSync(svscan, `${svscan}.good`)
  installation.use(2)
  const keeper = await oneKeeper(house, names)
  const path = join(installation.folder, 'svscan')
  const refusal = `svscan: warning: unable to upgrade, going on as before: ${path} does not start\n`
  for (const [name, { make, says }] of Object.entries(broken)) {
    fs.rmSync(svscan, { force: true })
    make(svscan)
    const before = house.svscan.stderr.length
    house.svscan.signal('SIGHUP')
    await until(`${name}: it is refused`, () => house.svscan.stderr.slice(before).endsWith(refusal), () => house.svscan.stderr)
    if (says !== undefined) t.equal(house.svscan.stderr.slice(before), `svscan: fatal: unable to run ${path}: ${says}\n${refusal}`, name)
    t.same([house.svscan.running, names.map((name) => pidOf(house, name)), keepersOf(house.elsewhere)], [true, pids, [keeper]], `${name}: nothing has changed`)
  }
  t.ok(installation.isOf(house.svscan.pid, 1))
  fs.writeFileSync(join(house.elsewhere, 'sv/ask'), '9\n')
  await until('it is started again', () => house.lines('sv/pids').length === 2 && house.isUp('sv'))
  t.equal(readRecord(house.dir('sv'))!.lastExit?.code, 9)

  const service = pidOf(house, 'sv')
  const before = house.svscan.stderr.length
  fs.renameSync(`${svscan}.good`, svscan)
  house.svscan.signal('SIGHUP')
  await oneKeeper(house, names, keeper)
  t.ok(installation.isOf(house.svscan.pid, 2), 'it is the new one now')
  t.same([pidOf(house, 'sv'), pidOf(house, 'sv/log'), house.svscan.stderr.slice(before)], [service, pids[1], ''])
  // and the other way round: it can be taken back
  installation.use(1)
  await upgrade(house, names)
  t.ok(installation.isOf(house.svscan.pid, 1), 'and the old one again')
})

t.test('HUP is refused while svscan stops', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    house.make('stubborn', { run: '#!/bin/sh\ntrap "" TERM\n[ -p wait ] || mkfifo wait\nexec 3<>wait\necho $$ >>pids\nread -r _ <&3\nexit 0\n', log: keepLines })
    house.link('stubborn')
  })
  await house.up('stubborn', 'stubborn/log')
  await until('it ignores TERM', () => house.lines('stubborn/pids').length === 1)
  house.svscan.signal('SIGTERM')
  await until('it stops', () => readStatus(house.dir('stubborn'))!.want === 'd')
  house.svscan.signal('SIGHUP')
  await until('it is refused', () => house.svscan.stderr === 'svscan: warning: unable to upgrade, going on as before: it is stopping\n', () => house.svscan.stderr)
  fs.writeFileSync(join(house.elsewhere, 'stubborn/wait'), '\n')
  const { code } = await house.svscan.ended
  t.equal(code, 0)
})

t.test('few open files: HUP works under a hard limit that nobody may raise', unlessAble({ root: true, theirs: ['setuidgid'], ours: ['svscan'] }), async (t) => {
  const names = ['one', 'one/log', 'two', 'two/log']
  const folder = scratch(t)
  const house = new House(t, ours, (house) => {
    for (const name of ['one', 'two']) house.link(name, (house.make(name, { run: '#!/bin/sh\nulimit -Sn >limit\nulimit -Hn >>limit\nexec sleep 100000\n', log: keepLines }), name))
  }, false)
  await run(t, 'chown', ['-R', 'nobody', house.elsewhere])
  fs.writeFileSync(join(folder, 'svscan'), `#!/bin/sh\nulimit -n 64\nexec ${theirs.folder}/setuidgid nobody ${ours.folder}/svscan "$@"\n`, { mode: 0o755 })
  // one descriptor that it inherits is beyond the limit
  const stdio: StartOptions['stdio'] = ['ignore', 'pipe', 'pipe', ...Array<'ignore'>(67).fill('ignore'), 'pipe']
  house.start({ name: 'ours', folder }, [], { stdio })
  const pids = await house.up(...names)
  for (let time = 0; time < 3; time++) await upgrade(house, names)
  t.same(names.map((name) => pidOf(house, name)), pids)
  writeControl(house.dir('one'), 'k')
  await until('started again', () => house.isUp('one') && pidOf(house, 'one') !== pids[0])
  await until('under the same limit', () => house.lines('one/limit').join() === '64,64', () => house.lines('one/limit').join())
  t.equal(house.svscan.stderr, '')
})

t.test('twenty times: no more descriptors, no more processes', { ...able }, async (t) => {
  const names = ['one', 'one/log', 'two', 'two/log', 'three']
  const house = new House(t, ours, (house) => {
    for (const name of ['one', 'two']) house.make(name, { run: noted, log: keepLines })
    house.make('three', { run: noted })
    for (const name of ['one', 'two', 'three']) house.link(name)
  })
  const pids = await house.up(...names)
  const { pid } = house.svscan
  const files = (): string => [...openFiles(pid).values()].map((path) => path.replace(/\[\d+\]/, '[N]')).sort().join('\n')
  const children = (): string => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
  await upgrade(house, names)
  // what its start opens for a moment is closed when two looks agree
  const looks: string[] = []
  await until('it is at rest', () => looks.push(files()) > 1 && looks.at(-1) === looks.at(-2) && children().trim().split(' ').length === names.length + 1)
  const first = looks.at(-1)
  for (let time = 0; time < 20; time++) await upgrade(house, names)
  await until('the same files are open', () => files() === first, () => `${first}\n--\n${files()}`)
  await until('it has the same children', () => children().trim().split(' ').length === names.length + 1, children)
  t.same(names.map((name) => pidOf(house, name)), pids)
  t.equal(house.svscan.stderr, '')
})

t.test('HUP twice at once', { ...able }, async (t) => {
  const names = ['sv', 'sv/log']
  const house = new House(t, ours, (house) => house.link('sv', (house.make('sv', { run: noted, log: keepLines }), 'sv')))
  const pids = await house.up(...names)
  const before = await oneKeeper(house, names)
  for (let time = 0; time < 2; time++) house.svscan.signal('SIGHUP')
  await oneKeeper(house, names, before)
  t.same([house.svscan.running, house.svscan.stderr, names.map((name) => pidOf(house, name))], [true, '', pids])
  house.svscan.signal('SIGTERM')
  t.equal((await house.svscan.ended).code, 0)
  t.notOk(pids.some(isAlive))
})

t.test('HUP, then -9, then another svscan: everything is taken up', { ...able }, async (t) => {
  const names = ['sv', 'sv/log', 'down', 'down/log']
  const house = new House(t, ours, (house) => {
    for (const name of ['sv', 'down']) house.link(name, (house.make(name, { run: forever, log: keepLines }), name))
  })
  await house.up(...names)
  writeControl(house.dir('down'), 'd')
  await until('down', () => pidOf(house, 'down') === 0)
  const before = names.map((name) => readStatus(house.dir(name)))
  await upgrade(house, names)
  await house.crash()
  house.start()
  await house.supervised(...names)
  t.same(names.map((name) => readStatus(house.dir(name))), before)
})
