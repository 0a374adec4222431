/**
 * svscanboot and readproctitle, beside C's: what they start, what the services inherit, what ps shows.
 *
 * Not tested: a kernel that does not let a process write its own /proc/self/mem (readproctitle then uses process.title).
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { both, type Implementation, ours, unlessAble } from './support/implementation.ts'
import { commandLine, PrivateRoot, unlessPrivate } from './support/private-root.ts'
import { isAlive, kill, Process, run } from './support/process.ts'
import { isSupervised, readStatus } from './support/status.ts'
import { makeService, scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const needs = { theirs: ['svscan', 'svscanboot', 'readproctitle', 'supervise'], ours: ['svscan', 'svscanboot', 'readproctitle', 'supervise'] }
const readable = (): { skip: string | false } => unlessAble(needs)
const bootable = (): { skip: string | false } => ({ skip: unlessAble(needs).skip || unlessPrivate() })
t.jobs = 4

const forever = '#!/bin/sh\nexec sleep 100000\n'
const classicPath = '/command:/usr/local/bin:/usr/local/sbin:/bin:/sbin:/usr/bin:/usr/sbin:/usr/X11R6/bin'

/** svscanboot, started by a caller with more to inherit than it may hand on. */
class Boot {
  readonly root: PrivateRoot
  readonly svscanboot: string

  static async create(t: Test, implementation: Implementation): Promise<Boot> {
    return new Boot(await PrivateRoot.create(t), implementation)
  }

  private constructor(root: PrivateRoot, { name, folder }: Implementation) {
    this.root = root
    this.svscanboot = join(folder, 'svscanboot')
    if (name === 'ours') return
    // Debian's, with upstream's service folder
    this.svscanboot = join(root.folder, '../svscanboot')
    writeProgram(this.svscanboot, fs.readFileSync(join(folder, 'svscanboot'), 'latin1').replaceAll('/etc/service', '/service'))
  }

  start(path = this.svscanboot): Process {
    return this.root.start(['env', 'EXTRA=of the caller', 'NODE_OPTIONS=--no-such-option', path])
  }

  make(name: string, run: string): void {
    makeService(this.root.service, name, { run })
  }

  async read(name: string): Promise<string> {
    const file = join(this.root.service, name)
    await until(name, () => fs.existsSync(file), () => JSON.stringify(this.root.inhabitants))
    return fs.readFileSync(file, 'latin1')
  }

  find(start: RegExp): { pid: number; commandLine: string } | undefined {
    return this.root.inhabitants.find(({ commandLine }) => start.test(commandLine))
  }

  get svscan(): { pid: number } | undefined {
    return this.find(/^svscan \/service/)
  }

  get readproctitle(): { pid: number; commandLine: string } | undefined {
    return this.find(/^readproctitle service errors: /)
  }
}

const tell = `#!/bin/sh
cat /proc/$$/environ >environment
found=$(for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done)
echo "$found" >descriptors
mv environment descriptors ..
exec sleep 100000
`

t.test('svscanboot starts services with PATH alone, no input, and readproctitle behind their output', bootable(), async (t) => {
  for (const implementation of both) {
    const boot = await Boot.create(t, implementation)
    boot.make('tell', tell)
    boot.start()
    const path = implementation.name === 'ours' ? `${ours.folder}:${classicPath}` : classicPath
    const environment = (await boot.read('environment')).split('\0').filter((entry) => entry !== '' && !entry.startsWith('PWD='))
    t.same(environment, [`PATH=${path}`], `${implementation.name}: the environment`)
    const [input, output, errors] = (await boot.read('descriptors')).split('\n')
    t.equal(input, '/dev/null', `${implementation.name}: standard input`)
    t.match(output, /^pipe:/, `${implementation.name}: standard output`)
    t.equal(errors, output, `${implementation.name}: standard error, the same pipe`)
    const reader = await until('readproctitle', () => boot.readproctitle)
    t.equal(fs.readlinkSync(`/proc/${reader.pid}/fd/0`), output, `${implementation.name}: readproctitle reads it`)
  }
})

t.test('svscanboot: what svscan complains of is in ps, as with C', bootable(), async (t) => {
  const seen = await Promise.all(
    both.map(async (implementation) => {
      const boot = await Boot.create(t, implementation)
      fs.symlinkSync('nowhere', join(boot.root.service, 'dangling'))
      boot.start()
      const isThere = (): string | false => {
        const line = boot.readproctitle?.commandLine
        return line !== undefined && line.includes('dangling') && line
      }
      return await until(`${implementation.name}'s complaint in ps`, isThere, () => JSON.stringify(boot.root.inhabitants))
    }),
  )
  const [c, o] = seen
  t.equal(o, c)
  t.match(o, /^readproctitle service errors: \.{300,}svscan: warning: unable to stat dangling: file does not exist\n $/)
})

t.test('svscanboot first lets what an earlier svscan has left behind end', bootable(), async (t) => {
  for (const implementation of both) {
    const boot = await Boot.create(t, implementation)
    boot.make('left', forever)
    const left = join(boot.root.service, 'left')
    const supervise = boot.root.start([`${implementation.folder}/supervise`, '/service/left'])
    const pidOf = (): number | undefined => {
      const { pid = 0 } = readStatus(left) ?? {}
      return isSupervised(left) && pid !== 0 && isAlive(pid) ? pid : undefined
    }
    const before = await until('the service of the earlier svscan', pidOf)
    boot.start()
    await until('the supervise of the earlier svscan has ended', () => !supervise.running, () => `${JSON.stringify(readStatus(left))} ${JSON.stringify(boot.root.inhabitants)}`)
    await until('another in its place', () => pidOf() !== undefined && pidOf() !== before)
    t.equal(isAlive(before), false, `${implementation.name}: the old one has ended`)
  }
})

t.test('svscanboot finds its own commands through links, relative and absolute', bootable(), async (t) => {
  const boot = await Boot.create(t, ours)
  const folder = join(boot.root.folder, '..', 'links')
  fs.mkdirSync(join(folder, 'sbin'), { recursive: true })
  fs.symlinkSync(ours.folder, join(folder, 'current'))
  fs.symlinkSync(join(folder, 'current', 'svscanboot'), join(folder, 'svscanboot'))
  fs.symlinkSync('../svscanboot', join(folder, 'sbin', 'svscanboot'))
  boot.make('tell', tell)
  boot.start(join(folder, 'sbin', 'svscanboot'))
  const environment = await boot.read('environment')
  t.match(environment, `PATH=${folder}/current:${classicPath}`, 'the linked folder keeps its name')
})

t.test('svscanboot starts an svscan that was killed again: the service has not noticed', bootable(), async (t) => {
  const boot = await Boot.create(t, ours)
  boot.make('lasting', forever)
  boot.start()
  const dir = join(boot.root.service, 'lasting')
  const lasting = await until('the service', () => {
    const pid = readStatus(dir)?.pid
    return pid !== undefined && commandLine(pid).startsWith('sleep 100000') && pid
  })
  const first = boot.svscan!.pid
  kill(first)
  await until('another svscan', () => {
    const { svscan } = boot // it may be gone at the next glance
    return svscan !== undefined && svscan.pid !== first && isSupervised(dir)
  })
  t.equal(readStatus(dir)!.pid, lasting, 'the same process')
  t.ok(isAlive(lasting))
  t.equal(boot.root.inhabitants.filter(({ commandLine }) => /^sleep 100000/.test(commandLine)).length, 1, 'and no other')
})

t.test('svscanboot ends when svscan has stopped everything', bootable(), async (t) => {
  const boot = await Boot.create(t, ours)
  boot.make('lasting', forever)
  const svscanboot = boot.start()
  const lasting = await until('the service', () => readStatus(join(boot.root.service, 'lasting'))?.pid || undefined)
  kill(boot.svscan!.pid, 'SIGTERM')
  await svscanboot.exited
  t.equal(svscanboot.exitCode, 0)
  t.equal(isAlive(lasting), false)
})

t.test('readproctitle shows in ps what C shows', readable(), async (t) => {
  const dots = '.'.repeat(400)
  const scenes: Record<string, { args: string[]; input: Buffer }> = {
    'nothing yet': { args: ['service', 'errors:', dots], input: Buffer.alloc(0) },
    'a line': { args: ['service', 'errors:', dots], input: Buffer.from('unable to do it\n') },
    'as much as there is room for, and one byte more': { args: ['service', 'errors:', dots], input: Buffer.from('x' + 'y'.repeat(397)) },
    'much more': { args: ['service', 'errors:', dots], input: Buffer.from(Array.from({ length: 20_000 }, (_, number) => `line ${number}\n`).join('')) },
    'every byte': { args: ['service', 'errors:', dots], input: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)) },
    'the smallest window': { args: ['abcde'], input: Buffer.from('xyz') },
    'a label that is no text': { args: ['naïve', 'x y', '12345678'], input: Buffer.from([0xff, 0xfe, 0x0a, 0xe4]) },
    'a long label': { args: ['label'.repeat(100), 'window'], input: Buffer.from('123') },
  }
  for (const [name, { args, input }] of Object.entries(scenes)) {
    const [c, o] = await Promise.all(both.map((implementation) => shown(t, implementation, args, input)))
    t.same(o, c, name)
  }
})

/** What is seen of readproctitle when it has read the input, which has not ended. */
async function shown(t: Test, { folder }: Implementation, args: readonly string[], input: Buffer): Promise<{ commandLine: string; name: string }> {
  const fifo = await makeFifo(t)
  const { pid } = new Process(t, 'sh', ['-c', 'PATH=$1:$PATH; fifo=$2; shift 2; exec readproctitle "$@" <"$fifo"', 'sh', folder, fifo, ...args])
  const look = (): string => commandLine(pid).replace(/^\S*\/readproctitle/, 'readproctitle')
  await until('readproctitle shows dots', () => look().startsWith('readproctitle ') && /\.{5} $/.test(look()) && fs.readFileSync(`/proc/${pid}/comm`, 'latin1') === 'readproctitle\n', look)
  const feeder = new Process(t, 'sh', ['-c', 'cat >"$1"', 'sh', fifo], { input })
  await feeder.ended
  // Everything is in the FIFO or taken; if read(2) on it sleeps, it is taken.
  await until('the input is read', () => /^(0|63) 0x0 /.test(fs.readFileSync(`/proc/${pid}/syscall`, 'latin1')))
  return { commandLine: look(), name: fs.readFileSync(`/proc/${pid}/comm`, 'latin1') }
}

/** A FIFO that does not end, since we hold both of its ends. */
async function makeFifo(t: Test): Promise<string> {
  const fifo = join(scratch(t), 'fifo')
  await run(t, 'mkfifo', [fifo])
  const end = fs.openSync(fifo, 'r+')
  t.teardown(() => fs.closeSync(end))
  return fifo
}

t.test('readproctitle: exit codes, silently', readable(), async (t) => {
  const script = `
$BIN/readproctitle; echo $?
$BIN/readproctitle a b 1234; echo $?
$BIN/readproctitle ''; echo $?
$BIN/readproctitle 12345 </dev/null; echo $?
$BIN/readproctitle 12345 </; echo $?
$BIN/readproctitle 12345 <&-; echo $?
`
  const outcomes = await Promise.all(both.map(({ folder }) => run(t, 'sh', ['-c', `BIN=$1\n${script}`, 'sh', folder])))
  t.same(outcomes[1], outcomes[0])
  t.equal(outcomes[1]!.stdout, '100\n100\n100\n0\n111\n111\n')
  t.equal(outcomes[1]!.stderr, '')
})

t.test('readproctitle ends of a signal, as C', readable(), async (t) => {
  for (const { name, folder } of both) {
    const fifo = await makeFifo(t)
    const reader = new Process(t, 'sh', ['-c', 'exec "$1/readproctitle" x 12345678 <"$2"', 'sh', folder, fifo])
    await until('it is at work', () => commandLine(reader.pid).endsWith('........ '))
    reader.signal('SIGTERM')
    const { signal } = await reader.ended
    t.equal(signal, 'SIGTERM', name)
  }
})
