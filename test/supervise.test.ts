/**
 * supervise and svc, theirs and ours in every combination: the same status, the same words, the same files.
 *
 * Not tested: a fork that fails (EAGAIN needs another user's process limit), a full disk, the label's nanoseconds, clocks that are set back.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { both, checkout, copyBuild, fixture, type Implementation, ours, theirs, unlessAble } from './support/implementation.ts'
import { isAlive, kill, Process, run, stateOf } from './support/process.ts'
import { isSupervised, normalize, readStatus, type Seen, writeControl } from './support/status.ts'
import { listing, makeService, scratch, type Service } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = unlessAble({ theirs: ['supervise', 'svc', 'svok', 'svstat'], ours: ['supervise', 'svc', 'svok', 'svstat'] })
const forever = '#!/bin/sh\nexec sleep 100000\n'
/** Shows each signal in the file `seen`. */
const printSignals = `#!/bin/sh\nexec ${fixture('print-signals')} >>seen\n`

/** Every supervise with every svc. */
const matrix = both.flatMap((server) => both.map((client) => ({ server, client, title: `supervise ${server.name}, svc ${client.name}` })))

/** A supervised service directory, and the commands that a client has for it. */
class Bench {
  readonly t: Test
  readonly dir: string
  readonly server: Implementation
  readonly client: Implementation
  supervise: Process

  constructor(t: Test, server: Implementation, client: Implementation, service: Service, prepare: (dir: string) => void = () => undefined) {
    this.t = t
    this.server = server
    this.client = client
    this.dir = makeService(scratch(t), 'sv', service)
    prepare(this.dir)
    this.supervise = this.start()
  }

  start(): Process {
    return (this.supervise = new Process(this.t, `${this.server.folder}/supervise`, ['sv'], { cwd: join(this.dir, '..') }))
  }

  async svc(...args: string[]): Promise<void> {
    const ended = await run(this.t, `${this.client.folder}/svc`, [...args, this.dir])
    if (ended.stderr !== '' || ended.code !== 0) this.t.fail(`svc ${args.join(' ')}: ${ended.code} ${ended.stderr}`)
  }

  /** Letters by svc if the client has them, else by hand. */
  async send(letters: string): Promise<void> {
    if (this.client === theirs && /[q12]/.test(letters)) writeControl(this.dir, letters)
    else await this.svc(`-${letters}`)
  }

  async svstat(): Promise<string> {
    const { stdout } = await run(this.t, `${this.client.folder}/svstat`, [this.dir])
    return normalize(stdout).replace(this.dir, 'DIR').trimEnd()
  }

  async svok(): Promise<number | null> {
    return (await run(this.t, `${this.client.folder}/svok`, [this.dir])).code
  }

  get status(): Seen | undefined {
    return readStatus(this.dir)
  }

  /** Waits for a status: the running service's pid or `down`, paused or not, and what is wanted. */
  async reach(what: string): Promise<Seen> {
    const holds = (seen: Seen | undefined): Seen | false => seen !== undefined && this.words(seen) === what && seen
    return until(`${this.server.name}: ${what}`, () => holds(this.status), () => `status is ${this.words(this.status)}; stderr: ${this.supervise.stderr}`)
  }

  words(seen: Seen | undefined): string {
    if (seen === undefined) return 'none'
    return `${seen.pid === 0 ? 'down' : 'up'}${seen.paused === 0 ? '' : ' paused'} ${seen.want === '\0' ? 'once' : seen.want}`
  }

  /** What the service has printed into its file `seen`. */
  get seen(): string[] {
    return this.read('seen').split('\n').slice(0, -1)
  }

  read(name: string): string {
    const file = join(this.dir, name)
    return fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : ''
  }

  async printed(...words: string[]): Promise<void> {
    await until(`${words.join(' and ')} printed`, () => words.every((word) => this.seen.includes(word)), () => this.seen.join(' '))
    fs.truncateSync(join(this.dir, 'seen'))
  }
}

/** The first line that it says on stderr. */
function firstLine(process: Process): Promise<string> {
  return until('it says something', () => process.stderr.includes('\n') && process.stderr.split('\n')[0])
}

/** One subtest for each combination, all at the same time. */
async function inEveryCombination(t: Test, play: (t: Test, server: Implementation, client: Implementation) => Promise<void>): Promise<void> {
  t.jobs = matrix.length
  await Promise.all(matrix.map(({ server, client, title }) => t.test(title, (t) => play(t, server, client))))
}

t.test('every letter, on a service that lives through signals', { ...able }, (t) =>
  inEveryCombination(t, async (t, server, client) => {
    const bench = new Bench(t, server, client, { run: printSignals })
    let { pid } = await bench.reach('up u')
    await bench.printed('ready')
    t.equal(await bench.svok(), 0, 'svok says yes')
    t.equal(await bench.svstat(), 'DIR: up (pid N) S seconds')
    const started = bench.status!.label

    const signals: Record<string, string> = { h: 'HUP', a: 'ALRM', i: 'INT', t: 'TERM' }
    if (server === ours) Object.assign(signals, { q: 'QUIT', 1: 'USR1', 2: 'USR2' })
    for (const [letter, signal] of Object.entries(signals)) {
      await bench.send(letter)
      await bench.printed(signal)
      t.equal(bench.words(bench.status), 'up u', `${letter}: ${signal} arrives and the status stays`)
    }

    await bench.send('p')
    await bench.reach('up paused u')
    await until('the process is stopped', () => stateOf(pid) === 'T')
    t.equal(await bench.svstat(), 'DIR: up (pid N) S seconds, paused')
    await bench.send('c')
    await bench.reach('up u')
    await until('the process runs', () => stateOf(pid) !== 'T')
    await bench.printed('CONT')

    await bench.send('o')
    await bench.reach('up once')
    t.equal(await bench.svstat(), 'DIR: up (pid N) S seconds', 'o leaves a running service alone')
    await bench.send('u')
    await bench.reach('up u')
    await bench.send('p')
    await bench.reach('up paused u')
    await bench.send('d')
    await bench.reach('up d')
    t.equal(await bench.svstat(), 'DIR: up (pid N) S seconds, want down')
    await bench.printed('TERM', 'CONT')
    t.equal(bench.status!.pid, pid, 'it has been one process all the time')
    t.equal(bench.status!.label, started, 'and the label is the one of its start')

    await bench.send('k')
    await bench.reach('down d')
    t.not(bench.status!.label, started, 'the label is of its death')
    t.notOk(isAlive(pid))
    t.equal(await bench.svstat(), 'DIR: down S seconds, normally up')
    // letters that have nothing to work on; the last one shows that all have been read
    await bench.send('hait')
    await bench.send('kc')
    await bench.send('p')
    await bench.send('q12')
    t.equal(bench.words(bench.status), 'down d')
    await bench.send('u')
    pid = (await bench.reach('up u')).pid
    await bench.printed('ready')
    await bench.send('k')
    const again = await until('another process', () => bench.status!.pid !== 0 && bench.status!.pid !== pid && bench.status)
    t.equal(bench.words(again), 'up u', 'k: it is started again')
    await bench.send('x')
    t.equal(await bench.svok(), 0, 'x waits for the service')
    await bench.printed('ready')
    await bench.send('k')
    await bench.supervise.exited
    t.equal(bench.words(bench.status), 'down u', 'x: it is not started again, and supervise is gone')
    t.equal(await bench.svok(), 100, 'svok says no')
    t.equal(await bench.svstat(), 'DIR: supervise not running')
    const ended = await bench.supervise.ended
    t.same({ code: ended.code, stdout: ended.stdout, stderr: ended.stderr }, { code: 0, stdout: '', stderr: '' })
  }),
)

t.test('a file down; o, ox, du, ux, xu', { ...able }, (t) =>
  inEveryCombination(t, async (t, server, client) => {
    const counting = '#!/bin/sh\necho start >>seen\nexec sleep 100000\n'
    const bench = new Bench(t, server, client, { run: counting, down: true })
    await bench.reach('down d')
    await until('svok', () => isSupervised(bench.dir))
    t.equal(await bench.svstat(), 'DIR: down S seconds', 'with a file down it is not started')
    t.same(bench.seen, [])
    await bench.send('u')
    const first = await bench.reach('up u')
    t.equal(await bench.svstat(), 'DIR: up (pid N) S seconds, normally down')
    await bench.send('du')
    const second = await until('another process', () => bench.status!.pid !== 0 && bench.status!.pid !== first.pid && bench.status!)
    t.equal(bench.words(second), 'up u', 'du stops it and starts it again')
    await bench.send('d')
    await bench.reach('down d')
    await bench.send('o')
    const third = await bench.reach('up once')
    await until('three starts', () => bench.seen.length === 3)
    await bench.send('t')
    await bench.reach('down once')
    t.notOk(isAlive(third.pid))
    t.equal(await bench.svstat(), 'DIR: down S seconds', 'o: it is not started again')
    await bench.send('ox')
    const fourth = await bench.reach('up once')
    await until('four starts', () => bench.seen.length === 4)
    kill(fourth.pid, 'SIGTERM')
    await bench.supervise.exited
    t.equal(bench.words(bench.status), 'down once', 'ox: once, then supervise leaves')

    bench.start()
    await until('supervise listens', () => isSupervised(bench.dir))
    await bench.send('ux')
    await bench.reach('up u')
    await until('five starts', () => bench.seen.length === 5)
    await bench.send('t')
    await bench.supervise.exited
    t.equal(bench.words(bench.status), 'down u', 'ux: up, and when it dies supervise leaves')

    bench.start()
    await until('supervise listens', () => isSupervised(bench.dir))
    await bench.send('xu')
    await bench.supervise.exited
    t.equal(bench.words(bench.status), 'down d', 'xu: supervise of a down service leaves at once')
    t.equal(bench.seen.length, 5, 'and u is not obeyed')
  }),
)

t.test('svc -dx ends service and supervise, whatever the service does', { ...able }, (t) =>
  inEveryCombination(t, async (t, server, client) => {
    const bench = new Bench(t, server, client, { run: forever })
    const { pid } = await bench.reach('up u')
    await bench.svc('-dx')
    await bench.supervise.exited
    t.notOk(isAlive(pid))
    t.equal(bench.words(bench.status), 'down d')
  }),
)

t.test('the files of supervise/: names, types, modes', { ...able }, async (t) => {
  for (const umask of [0o022, 0o077, 0]) {
    const [c, o] = await Promise.all(
      both.map(async (server) => {
        const dir = makeService(scratch(t), 'sv', { run: forever })
        const supervise = new Process(t, '/bin/sh', ['-c', `umask ${umask.toString(8)}; exec ${server.folder}/supervise ${dir}`])
        await until('up', () => readStatus(dir)?.want === 'u' && readStatus(dir)?.pid !== 0 && isSupervised(dir))
        const running = { ...listing(dir), ...listing(`${dir}/supervise`) }
        writeControl(dir, 'dx')
        await supervise.exited
        return { running, left: listing(`${dir}/supervise`) }
      }),
    )
    // ours may have files of its own beside them: docs/protocol.md
    for (const files of [o!.running, o!.left]) for (const name of ['state.json', 'log']) delete files[name]
    t.same(o, c, `umask ${umask.toString(8)}`)
    if (umask === 0o022) {
      t.same(c!.left, { control: '600 fifo', lock: '600 file of 0', ok: '600 fifo', status: '644 file of 18' }, 'as docs/protocol.md says')
    }
  }
})

/** What supervise says when something is in its way. Root reads everything, so what a stranger may not is tried as nobody. */
const obstacles: Record<string, { prepare: (dir: string) => void; args?: string[]; alsoSays?: string; asNobody?: boolean }> = {
  'no argument': { prepare: () => undefined, args: [] },
  'two arguments': { prepare: () => undefined, args: ['sv', 'sv'] },
  'an option': { prepare: () => undefined, args: ['-x'] },
  'no directory': { prepare: (dir) => fs.rmSync(dir, { recursive: true }) },
  'an empty name': { prepare: () => undefined, args: [''] },
  'a plain file': { prepare: () => undefined, args: ['sv/run'] },
  'a name that is too long': { prepare: () => undefined, args: ['x'.repeat(300)] },
  'down is a loop of links': { prepare: (dir) => fs.symlinkSync('down', `${dir}/down`) },
  'supervise is a plain file': { prepare: (dir) => fs.writeFileSync(`${dir}/supervise`, '') },
  'supervise is a loop of links': { prepare: (dir) => fs.symlinkSync('supervise', `${dir}/supervise`) },
  'supervise is a link into nowhere': { prepare: (dir) => fs.symlinkSync('/nowhere/at/all', `${dir}/supervise`) },
  'lock is a directory': { prepare: (dir) => fs.mkdirSync(`${dir}/supervise/lock`, { recursive: true }) },
  'control is a directory': { prepare: (dir) => fs.mkdirSync(`${dir}/supervise/control`, { recursive: true }) },
  'ok is a loop of links': {
    prepare: (dir) => {
      fs.mkdirSync(`${dir}/supervise`)
      fs.symlinkSync('ok', `${dir}/supervise/ok`)
    },
  },
  'a directory that nobody may write': { prepare: () => undefined, asNobody: true },
  'a directory that nobody may enter': { prepare: (dir) => fs.chmodSync(dir, 0o700), asNobody: true },
  'a supervise/ that nobody may enter': { prepare: (dir) => fs.mkdirSync(`${dir}/supervise`, 0o700), asNobody: true },
}

for (const [name, { prepare, args = ['sv'], asNobody }] of Object.entries(obstacles)) {
  t.test(`supervise refuses as theirs does: ${name}`, unlessAble({ theirs: ['supervise', 'setuidgid'], ours: ['supervise'], root: asNobody === true }), async (t) => {
    const [c, o] = await Promise.all(
      both.map(async ({ folder }) => {
        const scene = scratch(t)
        prepare(makeService(scene, 'sv', { run: forever }))
        const command = asNobody === true ? ['/usr/bin/setuidgid', 'nobody', `${folder}/supervise`, ...args] : [`${folder}/supervise`, ...args]
        const { code, stdout, stderr } = await run(t, command[0]!, command.slice(1), { cwd: scene })
        return { code, stdout, stderr }
      }),
    )
    t.same(o, c)
    t.match(c!.stderr, /^supervise: (fatal|usage): /, c!.stderr.trim())
  })
}

const warnings: Record<string, (dir: string) => void> = {
  'status is a directory': (dir) => fs.mkdirSync(`${dir}/supervise/status`, { recursive: true }),
  'status.new is a directory': (dir) => fs.mkdirSync(`${dir}/supervise/status.new`, { recursive: true }),
}
for (const [name, prepare] of Object.entries(warnings)) {
  t.test(`supervise warns and goes on: ${name}`, { ...able }, async (t) => {
    const [c, o] = await Promise.all(
      both.map(async (server) => {
        const bench = new Bench(t, server, server, { run: '#!/bin/sh\necho here >>seen\nexec sleep 100000\n' }, prepare)
        await until('the service is started', () => bench.seen.includes('here'))
        const said = await firstLine(bench.supervise)
        await until('it listens', () => isSupervised(bench.dir))
        writeControl(bench.dir, 'dx')
        t.equal((await bench.supervise.ended).code, 0, `${server.name} obeys`)
        return said
      }),
    )
    t.equal(o, c, `${c}`)
  })
}

/** ./run that cannot be executed: said by the child, once for each try. */
const badRuns: Record<string, (dir: string) => void> = {
  missing: () => undefined,
  'not executable': (dir) => fs.writeFileSync(`${dir}/run`, forever, { mode: 0o644 }),
  'a directory': (dir) => fs.mkdirSync(`${dir}/run`),
  'with an interpreter that is missing': (dir) => fs.writeFileSync(`${dir}/run`, '#!/nowhere/sh\n', { mode: 0o755 }),
  'with an interpreter that is a directory': (dir) => fs.writeFileSync(`${dir}/run`, '#!/tmp\n', { mode: 0o755 }),
  'a loop of links': (dir) => fs.symlinkSync('run', `${dir}/run`),
}
t.test('./run cannot be executed: the same words, again and again', { ...able }, async (t) => {
  await Promise.all(
    Object.entries(badRuns).map(async ([name, prepare]) => {
      const [c, o] = await Promise.all(
        both.map(async (server) => {
          const bench = new Bench(t, server, server, {}, prepare)
          await until('two tries', () => bench.supervise.stderr.split('\n').length > 2)
          t.equal(bench.status?.want, 'u', `${server.name}: still wanted up`)
          await until('it listens', () => isSupervised(bench.dir))
          writeControl(bench.dir, 'dx')
          const { code, stderr } = await bench.supervise.ended
          return { code, said: stderr.split('\n').slice(0, 2) }
        }),
      )
      t.same(o, c, `${name}: ${c!.said[0]}`)
      t.equal(c!.said[1], c!.said[0])
    }),
  )
})

t.test('./run appears later: it is started without being asked for', { ...able }, async (t) => {
  for (const server of both) {
    const bench = new Bench(t, server, server, {})
    await until('a first try', () => bench.supervise.stderr !== '')
    fs.writeFileSync(`${bench.dir}/new`, '#!/bin/sh\necho here >>seen\nexec sleep 100000\n', { mode: 0o755 })
    fs.renameSync(`${bench.dir}/new`, `${bench.dir}/run`)
    await until('it runs', () => bench.seen.includes('here'))
    await bench.reach('up u')
  }
})

t.test('./run without #! is run by /bin/sh, where theirs refuses it: a deliberate deviation', { ...able }, async (t) => {
  const text = 'echo "$0 $#" >>seen\nexec sleep 100000\n'
  const c = new Bench(t, theirs, theirs, { run: text })
  t.equal(await firstLine(c.supervise), 'supervise: fatal: unable to start sv/run: exec format error')
  const o = new Bench(t, ours, theirs, { run: text })
  const { pid } = await o.reach('up u')
  await until('it runs', () => o.seen.length > 0)
  t.same(o.seen, ['./run 0'], '$0 is ./run, without arguments')
  t.equal(o.status!.pid, pid, 'the shell is the service: one process')
  t.equal(o.supervise.stderr, '')
})

t.test('a second supervise on one directory, of either kind, gives up', { ...able }, async (t) => {
  for (const { server, client, title } of matrix) {
    const bench = new Bench(t, server, client, { run: forever })
    const { pid } = await bench.reach('up u')
    const { code, stderr } = await run(t, `${client.folder}/supervise`, ['sv'], { cwd: `${bench.dir}/..` })
    t.same({ code, stderr }, { code: 111, stderr: 'supervise: fatal: unable to acquire sv/supervise/lock: temporary failure\n' }, title)
    t.equal(bench.status!.pid, pid, 'and the first one has not noticed')
  }
})

t.test('supervise/control is a plain file: theirs obeys it, ours refuses', { ...able }, async (t) => {
  const prepare = (dir: string): void => {
    fs.mkdirSync(`${dir}/supervise`)
    fs.writeFileSync(`${dir}/supervise/control`, 'dx')
  }
  const c = new Bench(t, theirs, theirs, { run: forever, down: true }, prepare)
  t.equal((await c.supervise.ended).code, 0)
  const o = new Bench(t, ours, ours, { run: forever, down: true }, prepare)
  const { code, stderr } = await o.supervise.ended
  t.same({ code, stderr }, { code: 111, stderr: 'supervise: fatal: unable to read sv/supervise/control: not a FIFO\n' })
})

t.test('bytes in supervise/control that mean nothing are ignored', { ...able }, async (t) => {
  const meaningful = new Set(Buffer.from('udoxpchaitkq12'))
  const garbage = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 256)).filter((byte) => !meaningful.has(byte)))
  for (const server of both) {
    const bench = new Bench(t, server, server, { run: printSignals })
    const { pid } = await bench.reach('up u')
    await bench.printed('ready')
    writeControl(bench.dir, garbage)
    writeControl(bench.dir, '\n\nd\n')
    await bench.printed('TERM', 'CONT')
    t.equal((await bench.reach('up d')).pid, pid, `${server.name}: the letter behind ${garbage.length} bytes is obeyed`)
    writeControl(bench.dir, Buffer.concat([garbage.subarray(0, 5000), Buffer.from('x'), garbage.subarray(0, 5000), Buffer.from('k')]))
    t.equal((await bench.supervise.ended).stderr, '', `${server.name} says nothing of it`)
  }
})

t.test('svstat and svok of what is not right', { ...able }, async (t) => {
  const bench = new Bench(t, ours, ours, { run: forever })
  await bench.reach('up u')
  const supervised = `${bench.dir}/supervise`
  const { ok, status } = { ok: `${supervised}/ok`, status: `${supervised}/status` }
  const whole = fs.readFileSync(status)
  const replace = (file: string, make: (file: string) => void): void => {
    fs.rmSync(file, { recursive: true, force: true })
    make(file)
  }
  const cases: [string, () => void][] = [
    ['a whole status', () => undefined],
    ['an empty status', () => fs.writeFileSync(status, '')],
    ['17 bytes of status', () => fs.writeFileSync(status, whole.subarray(0, 17))],
    ['20 bytes of status', () => fs.writeFileSync(status, Buffer.concat([whole, Buffer.from('xx')]))],
    ['a label from the future', () => fs.writeFileSync(status, Buffer.concat([Buffer.from('4000000100000000', 'hex'), whole.subarray(8)]))],
    ['a label far in the past', () => fs.writeFileSync(status, Buffer.concat([Buffer.from('400000000000000a', 'hex'), whole.subarray(8)]))],
    ['a pid above 2^31', () => fs.writeFileSync(status, Buffer.concat([whole.subarray(0, 12), Buffer.from('fffffffe0075', 'hex')]))],
    ['paused without a pid', () => fs.writeFileSync(status, Buffer.concat([whole.subarray(0, 12), Buffer.from('000000000175', 'hex')]))],
    ['paused is 7, wanted is z', () => fs.writeFileSync(status, Buffer.concat([whole.subarray(0, 12), Buffer.from('01000000077a', 'hex')]))],
    ['no status', () => fs.rmSync(status)],
    ['status is a loop of links', () => replace(status, (file) => fs.symlinkSync('status', file))],
    ['down is a loop of links', () => fs.symlinkSync('down', `${bench.dir}/down`)],
    ['ok is a plain file', () => (fs.rmSync(`${bench.dir}/down`), replace(ok, (file) => fs.writeFileSync(file, '')))],
    ['ok is a directory', () => replace(ok, (file) => fs.mkdirSync(file))],
    ['ok is a loop of links', () => replace(ok, (file) => fs.symlinkSync('ok', file))],
    ['no ok', () => fs.rmSync(ok)],
    ['no supervise/', () => fs.renameSync(supervised, `${bench.dir}/elsewhere`)],
    ['supervise is a plain file', () => fs.writeFileSync(supervised, '')],
  ]
  const ask = async (command: string, ...args: string[]) => {
    const [c, o] = await Promise.all(both.map(async ({ folder }) => {
      const { code, stdout, stderr } = await run(t, `${folder}/${command}`, args, { cwd: `${bench.dir}/..` })
      // the clock may tick between the two
      return { code, stdout: stdout.replace(/(\d\d+|\d) seconds/, (_, digits: string) => `${digits.length > 5 ? 'many' : 'few'} seconds`), stderr }
    }))
    return { c, o }
  }
  for (const [name, make] of cases) {
    make()
    for (const command of ['svstat', 'svok']) {
      const { c, o } = await ask(command, 'sv')
      t.same(o, c, `${command}, ${name}: ${c!.code} ${c!.stdout}${c!.stderr}`.trim())
    }
  }
  for (const args of [['missing'], [''], ['sv/run'], ['-l', 'sv'], ['missing', 'sv', 'sv/run', 'missing'], [], ['x'.repeat(300)]]) {
    for (const command of ['svstat', 'svok']) {
      const { c, o } = await ask(command, ...args)
      t.same(o, c, `${command} ${args.join(' ').slice(0, 40)}: ${c!.code}`)
    }
  }
  // Theirs misses that read(2) failed and prints an age of 10^18 seconds; ours says what is wrong.
  fs.rmSync(supervised)
  fs.renameSync(`${bench.dir}/elsewhere`, supervised)
  fs.mkdirSync(ok)
  replace(ok, (file) => fs.writeFileSync(file, ''))
  replace(status, (file) => fs.mkdirSync(file))
  t.equal((await ask('svstat', 'sv')).o!.stdout, 'sv: unable to read supervise/status: is a directory\n', 'status is a directory')
})

t.test("Debian's dangling link supervise -> elsewhere is followed, and its target made", { ...able }, async (t) => {
  for (const target of ['absolute', 'relative']) {
    const [c, o] = await Promise.all(
      both.map(async (server) => {
        const elsewhere = `${scratch(t)}/target`
        const bench = new Bench(t, server, server, { run: forever }, (dir) =>
          fs.symlinkSync(target === 'absolute' ? elsewhere : '../target', `${dir}/supervise`),
        )
        await bench.reach('up u')
        const made = target === 'absolute' ? elsewhere : `${bench.dir}/../target`
        const files = listing(made)
        for (const name of ['state.json', 'log']) delete files[name]
        return { files, mode: (fs.statSync(made).mode & 0o7777).toString(8), link: fs.lstatSync(`${bench.dir}/supervise`).isSymbolicLink() }
      }),
    )
    t.same(o, c, target)
    t.equal(c!.mode, '700')
  }
})

t.test('a directory that is renamed while it is supervised stays supervised', { ...able }, (t) =>
  inEveryCombination(t, async (t, server, client) => {
    const bench = new Bench(t, server, client, { run: '#!/bin/sh\npwd -P >>seen\nexec sleep 100000\n' })
    const { pid } = await bench.reach('up u')
    await until('started', () => bench.seen.length === 1)
    const moved = `${bench.dir}-moved`
    fs.renameSync(bench.dir, moved)
    const { stderr } = await run(t, `${client.folder}/svc`, ['-t', moved])
    t.equal(stderr, '')
    await until('another process', () => readStatus(moved)!.pid !== 0 && readStatus(moved)!.pid !== pid)
    await until('started again', () => fs.readFileSync(`${moved}/seen`, 'latin1').split('\n').length === 3)
    t.match(fs.readFileSync(`${moved}/seen`, 'latin1'), `${moved}\n`, 'it is started in the directory as it is called now')
    writeControl(moved, 'dx')
    await bench.supervise.exited
    t.equal(bench.words(readStatus(moved)), 'down d')
  }),
)

t.test('while the next start waits for its second, commands are obeyed', { ...able }, async (t) => {
  for (const server of both) {
    const bench = new Bench(t, server, server, { run: '#!/bin/sh\necho start >>seen\n' })
    await until('two starts', () => bench.seen.length >= 2)
    writeControl(bench.dir, 'd')
    await bench.reach('down d')
    const starts = bench.seen.length
    writeControl(bench.dir, 'o')
    await until('one more start', () => bench.seen.length === starts + 1)
    await bench.reach('down once')
    writeControl(bench.dir, 'x')
    await bench.supervise.exited
    t.equal(bench.seen.length, starts + 1, server.name)
  }
})

t.test('TERM to a lone supervise is svc -dx: a deliberate deviation', { ...able }, async (t) => {
  const bench = new Bench(t, ours, ours, { run: printSignals })
  const { pid } = await bench.reach('up u')
  await bench.printed('ready')
  bench.supervise.signal('SIGTERM')
  await bench.printed('TERM', 'CONT')
  await bench.reach('up d')
  t.ok(bench.supervise.running)
  kill(pid, 'SIGKILL')
  t.same((await bench.supervise.ended).code, 0)
  t.equal(bench.words(bench.status), 'down d')
})

t.test('KILL to supervise leaves the service running and the status as it was', { ...able }, (t) =>
  inEveryCombination(t, async (t, server, client) => {
    const bench = new Bench(t, server, client, { run: forever })
    const before = await bench.reach('up u')
    bench.supervise.signal('SIGKILL')
    await bench.supervise.exited
    t.ok(isAlive(before.pid), 'the service runs')
    t.same(bench.status, before, 'the status is stale')
    t.equal(await bench.svstat(), 'DIR: supervise not running')
    t.equal(await bench.svok(), 100)
    const { stderr, code } = await run(t, `${client.folder}/svc`, ['-u', bench.dir])
    t.same({ code, stderr }, { code: 0, stderr: `svc: warning: unable to control ${bench.dir}: supervise not running\n` })
  }),
)

t.test('a caller that has blocked what supervise and multilog wait for', unlessAble({ theirs: ['supervise', 'svc', 'multilog'], ours: ['supervise', 'svc', 'multilog'], files: ['/usr/bin/cc'] }), async (t) => {
  const surround = compile(scratch(t), 'surround')
  for (const { name, folder } of both) {
    const dir = makeService(scratch(t), 'sv', { run: '#!/bin/sh\necho start >>seen\n' })
    const supervise = new Process(t, surround, ['block=17', '--', `${folder}/supervise`, dir])
    const starts = (): number => (fs.existsSync(join(dir, 'seen')) ? fs.readFileSync(join(dir, 'seen'), 'latin1').length / 'start\n'.length : 0)
    await until(`${name}: CHLD: started again`, () => starts() > 1)
    writeControl(dir, 'dx')
    await supervise.exited
    const log = scratch(t)
    execFileSync('mkfifo', [`${log}/input`])
    const input = fs.openSync(`${log}/input`, 'r+')
    const multilog = new Process(t, surround, ['block=15', '--', `${folder}/multilog`, `${log}/main`], { stdio: [input, 'ignore', 'ignore'] })
    fs.writeSync(input, 'line\n')
    await until(`${name}: the line is there`, () => fs.existsSync(`${log}/main/current`) && fs.readFileSync(`${log}/main/current`, 'latin1') === 'line\n')
    multilog.signal('SIGTERM')
    await until(`${name}: TERM: multilog ends`, () => !multilog.running)
    fs.closeSync(input)
  }
})

t.test('new programs in place of the old ones: a supervise that runs starts its service as before', { ...able }, async (t) => {
  const root = scratch(t)
  const install = (): void => {
    fs.rmSync(join(root, 'dist'), { recursive: true, force: true })
    copyBuild(join(root, 'dist'))
  }
  install()
  fs.symlinkSync(fs.realpathSync(join(checkout, 'node_modules')), join(root, 'node_modules'))
  const bench = new Bench(t, { name: 'ours', folder: join(root, 'dist/command') }, theirs, { run: '#!/bin/sh\necho start >>seen\nexec sleep 100000\n' })
  await bench.reach('up u')
  await until('started', () => bench.seen.length === 1)
  fs.rmSync(join(root, 'dist'), { recursive: true })
  for (const state of ['while there are none', 'when there are new ones']) {
    const before = bench.seen.length
    await bench.svc('-t')
    await until(`started again, ${state}`, () => bench.seen.length > before, () => bench.supervise.stderr)
    await bench.reach('up u')
    install()
  }
  t.equal(bench.supervise.stderr, '')
})
