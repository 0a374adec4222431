/**
 * "Never hurt each other": under one svscan, healthy services keep their pids, are started again as usual and obey, whatever is the matter
 * with another one.
 *
 * Not tested: a service folder that itself does not answer; a file system that hangs while something is being written to it.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { fixture, unlessAble } from './support/implementation.ts'
import { openFiles } from './support/keeper.ts'
import { isAlive, kill, Process, run } from './support/process.ts'
import { type Files, Site, type SiteOptions } from './support/site.ts'
import { isSupervised, labelSeconds } from './support/status.ts'
import { PrivateMounts } from './support/private-mounts.ts'
import { unlessPrivate } from './support/private-root.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = unlessAble({ theirs: ['svstat'], ours: ['svscan', 'svstat'] })
const asRoot = unlessAble({ theirs: ['svstat'], ours: ['svscan', 'svstat'], root: true })
const forever = '#!/bin/sh\necho start >>starts\nexec sleep 100000\n'

/** Three services that nothing is the matter with: one that lives through signals, one that ends again and again, and one with a log. */
const healthy: Readonly<Record<string, Files>> = {
  steady: { run: `#!/bin/sh\nexec ${fixture('print-signals')} >>seen\n` },
  flighty: { run: '#!/bin/sh\necho start >>starts\n' },
  talker: { run: '#!/bin/sh\n[ -p words ] || mkfifo words\nexec 4<>words\necho start >>starts\nwhile read -r word <&4; do echo "$word"; done\n', 'log/run': '#!/bin/sh\nexec cat >>lines\n' },
}

class Neighbours {
  readonly site: Site
  readonly #t: Test
  #pids: number[] = []
  #visits = 0

  /** @param bad Those that something is the matter with. */
  static async create(t: Test, bad: Readonly<Record<string, Files>>, options: SiteOptions = {}): Promise<Neighbours> {
    const neighbours = new Neighbours(t, new Site(t, 'svscan', { ...healthy, ...bad }, options))
    await neighbours.settle()
    return neighbours
  }

  constructor(t: Test, site: Site) {
    this.#t = t
    this.site = site
  }

  /** Waits until they are at work, and notes their pids. */
  async settle(): Promise<void> {
    this.#pids = await this.#ask()
    await this.#written('steady', 'seen', 'ready', 1)
    await until('the talker listens', () => this.site.lines('starts', 'talker').length > 0)
  }

  /** Asserts that they have not noticed anything. */
  async areWell(when: string): Promise<void> {
    const { site } = this
    const starts = site.lines('starts', 'flighty').length
    site.send('h', 'steady')
    await this.#written('steady', 'seen', 'HUP', ++this.#visits)
    const word = `word${this.#visits}`
    fs.appendFileSync(site.path('talker', 'words'), `${word}\n`, { flag: 'r+' })
    await this.#written('talker', 'log/lines', word, 1)
    await until('one is started again, twice', () => site.lines('starts', 'flighty').length >= starts + 2, () => site.supervisor.stderr)
    this.#t.same(await this.#ask(), this.#pids, `${when}: the same processes`)
    this.#t.ok(site.supervisor.running)
  }

  /** Asserts that those that run still do, and obey. */
  async areUp(when: string): Promise<void> {
    this.site.send('h', 'steady')
    await this.#written('steady', 'seen', 'HUP', ++this.#visits)
    this.#t.same(await this.#ask(), this.#pids, `${when}: the same processes`)
  }

  async #ask(): Promise<number[]> {
    return [await this.site.up('steady'), await this.site.up('talker'), await this.site.up('talker/log')]
  }

  async #written(name: string, path: string, line: string, times: number): Promise<void> {
    const count = (): number => this.site.lines(path, name).filter((each) => each === line).length
    await until(`${name}: ${line}, ${times} times`, () => count() >= times, () => this.site.supervisor.stderr)
  }
}

/** How often the supervisor has said a line. */
function times(site: Site, line: string): number {
  return site.said.filter((said) => said === line).length
}

async function says(site: Site, ...lines: string[]): Promise<void> {
  await until(`it is said: ${lines.join('; ')}`, () => lines.every((line) => site.said.includes(line)), () => site.supervisor.stderr)
}

let strangers = 0

/** A number that no account of this machine has, another one each time, and commands that run the next one under it. */
function stranger(): { uid: number; wrap: string[] } {
  const uid = 100_000_000 + process.pid * 10 + strangers++
  return { uid, wrap: ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all'] }
}

/** Gives everything of a site to an account. */
function own(site: Site, uid: number): void {
  execFileSync('chown', ['-R', `${uid}:${uid}`, site.folder])
}

t.test('a supervise/ that is no directory, a status that is one, a control that is a file', { ...able }, async (t) => {
  const bad: Record<string, Files> = {
    'no-folder': { run: forever, supervise: '' },
    'status-folder': { run: forever, 'supervise/status/x': '' },
    'state-folder': { run: forever, 'supervise/state.json/x': '' },
    'control-file': { run: forever, 'supervise/control': 'dx' },
    'log-file': { run: forever, 'log/run': forever, 'supervise/log': '' },
    'lock-folder': { run: forever, 'supervise/lock/x': '' },
    'no-run': {},
    nonsense: { run: forever, 'supervise/state.json': '{"version":1}', 'supervise/status': 'eighteen bytes of.', 'supervise/death_tally': 'x', 'max-death-tally': '2' },
  }
  const neighbours = await Neighbours.create(t, { ...bad, 'no-run': { 'not-run': '' } })
  const { site } = neighbours
  await says(
    site,
    'supervise: fatal: unable to acquire no-folder/supervise/lock: not a directory',
    'supervise: warning: unable to rename status-folder/supervise/status.new to status: is a directory',
    'supervise: warning: unable to open state-folder/supervise/state.json: is a directory',
    'supervise: fatal: unable to read control-file/supervise/control: not a FIFO',
    'svscan: warning: unable to create pipe for log-file: supervise/log is not a FIFO',
    'supervise: fatal: unable to acquire lock-folder/supervise/lock: is a directory',
    'supervise: fatal: unable to start no-run/run: file does not exist',
  )
  await neighbours.areWell('before')
  // those whose files are wrong beside run are services all the same
  for (const name of ['status-folder', 'state-folder', 'nonsense']) await until(`${name} runs`, () => site.lines('starts', name).length === 1)
  // and while they are supervised: names that are taken away or replaced
  for (const name of ['one', 'two', 'three']) site.make(name, { run: '#!/bin/sh\necho start >>starts\necho line\nexec sleep 100000\n', 'log/run': '#!/bin/sh\nexec cat >>lines\n' })
  const before = [await site.up('one'), await site.up('two'), await site.up('three')]
  fs.rmSync(site.path('one', 'supervise'), { recursive: true })
  for (const file of ['control', 'log', 'ok']) {
    fs.rmSync(site.path('two', 'supervise', file))
    fs.writeFileSync(site.path('two', 'supervise', file), 'dx')
    // a FIFO that nobody reads: whoever opens it for writing waits
    fs.rmSync(site.path('three', 'supervise', file))
    await run(t, 'mkfifo', [site.path('three', 'supervise', file)])
  }
  for (const pid of before) kill(pid)
  for (const name of ['one', 'two', 'three']) {
    await until(`${name} is started again`, () => site.lines('starts', name).length === 2, () => site.supervisor.stderr)
    await until(`${name} still has its log`, () => site.lines('log/lines', name).length === 2, () => site.supervisor.stderr)
  }
  await neighbours.areWell('while they are supervised')
})

t.test('a directory or a supervise/ that is closed, to an svscan that is not root', { ...asRoot }, async (t) => {
  const { uid, wrap } = stranger()
  const close = (site: Site, name: string, path = ''): void => fs.chmodSync(site.path(name, path), 0)
  const neighbours = await Neighbours.create(t, { 'closed-1': { run: forever }, 'closed-2': { run: forever, 'supervise/lock': '' }, 'closed-3': { run: forever }, 'closed-4': { run: forever } }, {
    wrap,
    prepare: (site) => {
      own(site, uid)
      close(site, 'closed-1')
      close(site, 'closed-2', 'supervise')
    },
  })
  const { site } = neighbours
  await says(site, 'svscan: warning: unable to stat closed-1/log: access denied', 'supervise: fatal: unable to acquire closed-2/supervise/lock: access denied')
  await neighbours.areWell('before')
  const [third, fourth] = [await site.up('closed-3'), await site.up('closed-4')]
  close(site, 'closed-3')
  close(site, 'closed-4', 'supervise')
  for (const pid of [third, fourth]) kill(pid)
  await says(site, 'supervise: fatal: unable to start closed-3/run: access denied', 'supervise: warning: unable to open closed-4/supervise/state.json: access denied')
  await until('what may be started is', () => site.lines('starts', 'closed-4').length === 2)
  await neighbours.areWell('while they are supervised')
  for (const name of ['closed-1', 'closed-3']) fs.chmodSync(site.path(name), 0o755)
  for (const name of ['closed-2', 'closed-4']) fs.chmodSync(site.path(name, 'supervise'), 0o700)
  for (const name of ['closed-1', 'closed-2', 'closed-3', 'closed-4']) await site.up(name)
  t.equal(site.lines('starts', 'closed-4').length, 2, 'what had run is on disk now')
  t.equal(times(site, 'supervise: warning: unable to open closed-4/supervise/state.json: access denied'), 1)
})

t.test('what runs and cannot be taken up is left alone, until it can', { ...asRoot }, async (t) => {
  const { uid, wrap } = stranger()
  const neighbours = await Neighbours.create(t, { sv: { run: forever, finish: '#!/bin/sh\necho "$*" >>finishes\n', 'notification-fd': '7' } }, { wrap, prepare: (site) => own(site, uid) })
  const { site } = neighbours
  const first = await site.up('sv')
  await site.killSupervisor()
  fs.chmodSync(site.path('sv', 'supervise/ok'), 0)
  site.start()
  const line = 'supervise: fatal: unable to read sv/supervise/ok: access denied'
  await says(site, line)
  await neighbours.settle()
  // the folder may not be watched yet
  const files = (): number => [...openFiles(site.supervisor.pid).values()].filter((path) => !path.includes('inotify')).length
  const before = files()
  for (let n = 2; n <= 6; n++) {
    site.supervisor.signal('SIGALRM')
    await until(`it is tried ${n} times`, () => times(site, line) === n)
  }
  // others are being started meanwhile, with files of their own
  await until('no more files are open than before', () => files() <= before, () => `${files()}, ${before} were`)
  kill(first)
  await until('it is dead', () => !isAlive(first))
  await neighbours.areWell('beside it')
  t.same([site.lines('starts', 'sv').length, site.lines('finishes', 'sv')], [1, []])
  fs.chmodSync(site.path('sv', 'supervise/ok'), 0o600)
  await site.up('sv', first)
  t.same(site.lines('finishes', 'sv'), ['256 0 sv'])
  await neighbours.areWell('when it is supervised again')
  t.equal(site.lines('starts', 'sv').length, 2)
})

t.test('garbage and floods in a control', { ...able }, async (t) => {
  const neighbours = await Neighbours.create(t, { noisy: { run: `#!/bin/sh\nexec ${fixture('print-signals')} >>seen\n` } })
  const { site } = neighbours
  const pid = await site.up('noisy')
  await until('it is ready', () => site.lines('seen', 'noisy').includes('ready'))
  const letters = new Set(Buffer.from('udoxpchaitkq12'))
  const garbage = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 256)).filter((byte) => !letters.has(byte)))
  const pour = async (bytes: string | Buffer): Promise<void> => {
    fs.writeFileSync(site.path('bytes'), bytes)
    t.equal((await run(t, '/bin/sh', ['-c', 'cat bytes >noisy/supervise/control'], { cwd: site.folder })).stderr, '')
  }
  for (let n = 0; n < 3; n++) await pour(garbage)
  for (const some of ['pc', '1', 'p', '12c', 'ch']) await pour(some.repeat(20_000 / some.length))
  await until('the last letters are obeyed', () => site.lines('seen', 'noisy').includes('HUP'), () => site.supervisor.stderr)
  t.same([site.record('noisy')!.pid, site.status('noisy')!.paused], [pid, 0])
  await neighbours.areWell('after a lot of bytes')
  // without an end, as fast as they are read
  const flood = new Process(t, '/bin/sh', ['-c', 'yes 1111111111 | tr -d "\\n" >"$1"', 'sh', site.path('noisy', 'supervise/control')])
  await until('the flood comes', () => site.lines('seen', 'noisy').filter((line) => line === 'USR1').length > 3)
  await neighbours.areWell('while they keep coming')
  t.ok(flood.running)
  t.equal(site.supervisor.stderr, '')
})

t.test('the same complaint at most once a minute; ALRM asks for it again', { ...able }, async (t) => {
  const neighbours = await Neighbours.create(t, {}, { prepare: (site) => fs.symlinkSync('nowhere', site.path('dangling')) })
  const { site } = neighbours
  const line = 'svscan: warning: unable to stat dangling: file does not exist'
  await says(site, line)
  // each is a directory, and so is taken up at a periodic look
  for (const name of ['late-1', 'late-2']) {
    site.make(name, { run: forever })
    await site.up(name)
  }
  t.equal(times(site, line), 1, 'two looks later')
  site.supervisor.signal('SIGALRM')
  await until('it is said again', () => times(site, line) === 2)
  site.make('late-3', { run: forever })
  await site.up('late-3')
  t.equal(times(site, line), 2)
  await neighbours.areWell('beside it')
})

/** Processes and threads of an account. */
function tasksOf(uid: number): number {
  const tasks = (pid: string): number => {
    try {
      return fs.statSync(`/proc/${pid}`).uid === uid ? fs.readdirSync(`/proc/${pid}/task`).length : 0
    } catch {
      return 0
    }
  }
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).reduce((sum, pid) => sum + tasks(pid), 0)
}

t.test('a run that forks wildly, until not even svscan may fork', { ...asRoot }, async (t) => {
  const { uid, wrap } = stranger()
  // It forks 200 times at most; its children wait until somebody opens the gate. The shell ends when it may not fork.
  const wild = '#!/bin/sh\necho start >>starts\n[ -e wild ] || exec sleep 100000\nn=0\nwhile [ $n -lt 200 ]; do read -r _ <gate & n=$((n + 1)); done 2>>complaints\necho all >>all\n'
  const most = 150
  const neighbours = await Neighbours.create(t, { wild: { run: wild } }, {
    wrap: ['prlimit', `--nproc=${most}:${most}`, ...wrap],
    prepare: (site) => {
      execFileSync('mkfifo', [site.path('wild', 'gate')])
      own(site, uid)
    },
  })
  const { site } = neighbours
  const calm = await site.up('wild')
  const before = tasksOf(uid)
  t.comment(`${before} tasks of ${most}`)
  fs.writeFileSync(site.path('wild', 'wild'), '')
  kill(calm)
  const refusal = (name: string): string => `supervise: warning: unable to fork for ${name}, sleeping 60 seconds: temporary failure`
  await until('it may not fork any more', () => site.lines('complaints', 'wild').some((line) => line.includes('Cannot fork')))
  // the shell that has given up leaves room for one, which whoever comes first takes
  const last = Array.from({ length: 5 }, () => new Process(t, wrap[0]!, [...wrap.slice(1), 'sleep', '100000']))
  await says(site, refusal('wild'), refusal('flighty'))
  t.notOk(fs.existsSync(site.path('wild', 'all')), 'it has not made all of its children')
  for (const name of ['wild', 'flighty']) {
    const wait = (nextStart: string | null): number => (nextStart === null ? 0 : labelSeconds(nextStart) - Date.now() / 1000)
    // What is said comes before what is written.
    const { nextStart, pid } = await site.recorded('it waits', ({ nextStart }) => wait(nextStart) > 15, name)
    t.ok(pid === 0 && wait(nextStart) > 15 && wait(nextStart) <= 60, `${name} is tried again in ${wait(nextStart)} seconds`)
  }
  await neighbours.areUp('those that run')
  const said = times(site, refusal('wild'))
  site.send('u', 'wild')
  await until('u tries it at once', () => times(site, refusal('wild')) > said)
  fs.rmSync(site.path('wild', 'wild'))
  for (const each of last) each.signal('SIGKILL')
  await until('its children are gone', () => (fs.closeSync(fs.openSync(site.path('wild', 'gate'), 'r+')), tasksOf(uid) <= before))
  for (const name of ['wild', 'flighty']) site.send('u', name)
  await site.up('wild', calm)
  await neighbours.areWell('afterwards')
})

t.test('no more files may be opened', { ...asRoot }, async (t) => {
  const { uid, wrap } = stranger()
  const most = 100
  const neighbours = await Neighbours.create(t, {}, { wrap: ['prlimit', `--nofile=${most}:${most}`, ...wrap], prepare: (site) => own(site, uid) })
  const { site } = neighbours
  const open = (): number => fs.readdirSync(`/proc/${site.supervisor.pid}/fd`).length
  t.comment(`${open()} files of ${most}`)
  const names = Array.from({ length: 40 }, (_, n) => `many-${n}`)
  for (const name of names) site.make(name, { run: forever, ...(name.endsWith('5') && { 'log/run': forever }) })
  own(site, uid)
  await until('some of them cannot be supervised', () => site.supervisor.stderr.includes('process cannot open more files'))
  await neighbours.areWell('beside them')
  t.comment(`${open()} files of ${most}; ${site.supervisor.stderr}`)
})

/** Writes a file until there is no space. */
function fill(file: string): void {
  const fd = fs.openSync(file, 'a')
  try {
    for (const size of [65536, 4096, 1]) {
      for (let full = false; !full; ) {
        try {
          fs.writeSync(fd, Buffer.alloc(size))
        } catch {
          full = true
        }
      }
    }
  } finally {
    fs.closeSync(fd)
  }
}

t.test('a full disk: the status stays true, and nothing runs twice', { ...asRoot, skip: asRoot.skip || unlessPrivate() }, async (t) => {
  const inside = scratch(t)
  fs.mkdirSync(`${inside}/disk`)
  const mounts = await PrivateMounts.create(t)
  await mounts.run('mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', `${inside}/disk`)
  const disk = mounts.outside(`${inside}/disk`)
  fs.mkdirSync(`${disk}/service`)
  const counting = (name: string): string => `#!/bin/sh\necho start >>${inside}/${name}\nexec sleep 100000\n`
  const neighbours = await Neighbours.create(t, {}, {
    wrap: mounts.enter(`${inside}/disk/service`),
    folder: `${disk}/service`,
    directory: '/',
    elsewhere: inside,
  })
  const { site } = neighbours
  const starts = (name: string): number => fs.readFileSync(`${inside}/${name}`, 'latin1').split('\n').length - 1
  const make = (name: string, files: Files): void => {
    for (const [path, text] of Object.entries(files)) {
      fs.mkdirSync(dirname(`${disk}/${name}/${path}`), { recursive: true })
      fs.writeFileSync(`${disk}/${name}/${path}`, text, { mode: 0o755 })
    }
  }
  const link = (name: string): void => fs.symlinkSync(`../${name}`, site.path(name))
  make('full', { run: counting('full-starts'), 'max-death-tally': '100' })
  make('late', { run: counting('late-starts') })
  link('full')
  const first = await site.up('full')
  fill(`${disk}/filler`)

  kill(first)
  const second = await site.up('full', first)
  await until('it has begun', () => starts('full-starts') === 2)
  t.equal(site.status('full')!.pid, second)
  site.send('d', 'full')
  await site.recorded('down', ({ state, want }) => state === 'down' && want === 'down', 'full')
  t.match(site.status('full'), { pid: 0, want: 'd' })
  site.send('u', 'full')
  const third = await site.up('full', second)
  await neighbours.areWell('while one has no space left')
  t.same(site.said, ['supervise: warning: unable to write full/supervise/death_tally.new: out of disk space'], 'said once')

  await until('it has begun', () => starts('full-starts') === 3)
  await site.killSupervisor()
  site.start()
  await until('it is taken up', () => ['full', 'talker', 'steady'].every((name) => isSupervised(site.path(name))))
  t.equal(site.record('full')!.pid, third)
  await neighbours.areWell('after another svscan has taken them up')
  t.equal(starts('full-starts'), 3, 'no second copy')

  // one that has never been supervised: it runs, and what is on disk follows when there is space
  link('late')
  await until('it is started', () => fs.existsSync(`${inside}/late-starts`), () => site.supervisor.stderr)
  await says(site, 'supervise: warning: unable to write late/supervise/state.json: out of disk space')
  await neighbours.areWell('beside it')
  fs.rmSync(`${disk}/filler`)
  await site.up('late')
  t.equal(site.said.filter((line) => line.includes('late/supervise/')).length, 1, 'said once')
  t.equal(starts('late-starts'), 1)
})

t.test('a disk that becomes read-only', { ...asRoot, skip: asRoot.skip || unlessPrivate() }, async (t) => {
  const inside = scratch(t)
  fs.mkdirSync(`${inside}/disk`)
  fs.mkdirSync(`${inside}/service`)
  const mounts = await PrivateMounts.create(t)
  await mounts.run('mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', `${inside}/disk`)
  const disk = mounts.outside(`${inside}/disk`)
  fs.mkdirSync(`${disk}/sv`)
  fs.writeFileSync(`${disk}/sv/run`, `#!/bin/sh\necho start >>${inside}/starts\nexec sleep 100000\n`, { mode: 0o755 })
  const neighbours = await Neighbours.create(t, {}, {
    wrap: mounts.enter(`${inside}/service`),
    folder: mounts.outside(`${inside}/service`),
    directory: '/',
    prepare: (site) => fs.symlinkSync('../disk/sv', site.path('sv')),
  })
  const { site } = neighbours
  const starts = (): number => fs.readFileSync(`${inside}/starts`, 'latin1').split('\n').length - 1
  const first = await site.up('sv')
  await site.killSupervisor()
  const remount = async (how: string): Promise<boolean> => t.same((await mounts.run('mount', '-o', `remount,${how}`, `${inside}/disk`)).stderr, '')
  await remount('ro')
  site.start()
  await says(site, 'supervise: fatal: unable to acquire sv/supervise/lock: read-only file system')
  await neighbours.settle()
  await neighbours.areWell('beside it')
  t.ok(isAlive(first))
  await remount('rw')
  await until('it is taken up', () => isSupervised(site.path('sv')))
  t.equal(await site.up('sv'), first)
  t.equal(starts(), 1, 'no second copy')
  t.equal(site.said.length, 1, 'said once')
})

const hanging = { ...asRoot, skip: asRoot.skip || unlessPrivate() || unlessAble({ files: ['/dev/fuse', '/usr/bin/cc'] }).skip }

/** A file system that hangs at once, or shows a folder until its server gets USR1. */
async function mountHanging(t: Test, inside: string, shown?: string): Promise<{ mounts: PrivateMounts; server: Process }> {
  const program = compile(inside, 'hang-fs')
  fs.mkdirSync(`${inside}/hung`)
  fs.mkdirSync(`${inside}/service`)
  const mounts = await PrivateMounts.create(t)
  const server = mounts.start(program, `${inside}/hung`, ...(shown === undefined ? [] : [shown]))
  await until('it is mounted', () => server.stdout.startsWith('mounted\n'), () => server.stderr)
  return { mounts, server }
}

t.test('links into a file system that does not answer', { ...hanging }, async (t) => {
  const inside = scratch(t)
  const { mounts, server } = await mountHanging(t, inside)
  const neighbours = await Neighbours.create(t, {}, {
    wrap: mounts.enter(`${inside}/service`),
    folder: mounts.outside(`${inside}/service`),
    directory: '/',
    prepare: (site) => fs.symlinkSync(`${inside}/hung/before`, site.path('before')),
  })
  const { site } = neighbours
  const timedOut = (name: string): string => `svscan: warning: unable to stat ${name}: timed out`
  await says(site, timedOut('before'))
  await neighbours.areWell('one link')
  // a link that led somewhere else
  site.make('turned', { run: forever })
  const turned = await site.up('turned')
  fs.renameSync(site.path('turned'), `${mounts.outside(inside)}/turned`)
  fs.symlinkSync(`${inside}/hung/turned`, site.path('turned'))
  await says(site, timedOut('turned'))
  t.ok(isAlive(turned))
  await neighbours.areWell('two links')
  // more than there are threads
  for (let n = 0; n < 40; n++) fs.symlinkSync(`../hung/${n}`, site.path(`after-${n}`))
  await says(site, timedOut('after-0'), timedOut('after-39'))
  site.make('later', { run: forever })
  await site.up('later')
  await neighbours.areWell('forty more')
  // the ends of what was taken up are told by a thread as well
  await site.killSupervisor()
  site.start()
  await neighbours.settle()
  const later = await site.up('later')
  kill(later)
  await site.up('later', later)
  await neighbours.areWell('after another svscan has taken them up')
  t.equal(times(site, timedOut('before')), 1)
  server.signal('SIGKILL')
  await server.exited
  site.supervisor.signal('SIGALRM')
  await says(site, 'svscan: warning: unable to stat before: not connected')
  await neighbours.areWell('when it has gone')
})

t.test('a service on a file system that begins to hang', { ...hanging }, async (t) => {
  const inside = scratch(t)
  const shown = `${inside}/shown`
  const names = ['quiet', 'dying', 'leaving', 'unlinked']
  for (const name of names) {
    fs.mkdirSync(`${shown}/${name}`, { recursive: true })
    // its own files are elsewhere: the program shall not hang
    fs.writeFileSync(`${shown}/${name}/run`, `#!/bin/sh\ncd /\necho $$ >>${inside}/${name}\nexec sleep 100000\n`, { mode: 0o755 })
  }
  fs.writeFileSync(`${shown}/dying/max-death-tally`, '100')
  fs.writeFileSync(`${shown}/dying/check`, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  fs.writeFileSync(`${shown}/dying/finish`, '#!/bin/sh\n', { mode: 0o755 })
  const { mounts, server } = await mountHanging(t, inside, shown)
  const neighbours = await Neighbours.create(t, {}, {
    wrap: [...mounts.enter(`${inside}/service`)],
    folder: mounts.outside(`${inside}/service`),
    directory: '/',
    prepare: (site) => {
      for (const name of names) fs.symlinkSync(`../hung/${name}`, site.path(name))
    },
  })
  const { site } = neighbours
  const pids = (name: string): number[] => fs.readFileSync(`${inside}/${name}`, 'latin1').split('\n').slice(0, -1).map(Number)
  // the FIFOs are the kernel's own, but their names are not: they are opened while they can be
  const controls = new Map<string, number>()
  for (const name of names) {
    await site.up(name)
    controls.set(name, fs.openSync(site.path(name, 'supervise/control'), fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
  }
  t.teardown(() => controls.forEach((fd) => fs.closeSync(fd)))
  const send = (name: string, letters: string): void => void fs.writeSync(controls.get(name)!, letters)
  await neighbours.areWell('while it answers')

  server.signal('SIGUSR1')
  for (const name of names) await says(site, `svscan: warning: unable to stat ${name}: timed out`)
  await neighbours.areWell('when it has begun to hang')
  const [quiet, dying, leaving, unlinked] = names.map((name) => pids(name)[0]!) as [number, number, number, number]
  kill(dying)
  await says(site, 'supervise: warning: unable to fork for dying, sleeping 60 seconds: timed out')
  send('leaving', 'dx')
  await until('svc -dx is obeyed', () => !isAlive(leaving))
  fs.unlinkSync(site.path('unlinked'))
  site.supervisor.signal('SIGALRM')
  await until('it has looked again', () => times(site, 'svscan: warning: unable to stat quiet: timed out') === 2)
  send('unlinked', 'd')
  await until('svc -d is obeyed', () => !isAlive(unlinked))
  send('quiet', 'h')
  await until('svc -h is obeyed', () => !isAlive(quiet))
  await neighbours.areWell('whatever happens to those that hang')

  server.signal('SIGUSR2')
  await until('what has happened is on disk', () => site.record('quiet')?.state === 'down' && site.record('dying')?.state === 'down')
  t.same([site.status('quiet')!.pid, site.status('dying')!.pid], [0, 0])
  t.equal(JSON.parse(fs.readFileSync(`${mounts.outside(shown)}/unlinked/supervise/state.json`, 'utf8')).want, 'down')
  for (const name of ['quiet', 'dying']) {
    site.send('u', name)
    await site.up(name)
  }
  await neighbours.areWell('when it answers again')

  server.signal('SIGUSR1')
  site.send('dk', 'steady')
  await site.recorded('down', ({ state }) => state === 'down', 'steady')
  site.supervisor.signal('SIGTERM')
  await site.supervisor.exited
  t.equal(site.supervisor.exitCode, 0, 'TERM ends it all the same')
  t.notOk(site.supervisor.stderr.includes('internal error'))
})
