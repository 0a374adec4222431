/**
 * svscan as process 1, in pid namespaces of its own: orphans, the end of a container, essential services, users that are not root,
 * directories that cannot be written.
 *
 * Not tested: a real container manager, LXC's PWR beyond the signal itself, a namespace without /proc.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { forever, House, keepLines } from './support/house.ts'
import { ours, unlessAble } from './support/implementation.ts'
import { Process } from './support/process.ts'
import { isSupervised, readStatus, writeControl } from './support/status.ts'
import { until } from './support/until.ts'

t.jobs = 2

/** Ignores TERM: only KILL ends it. */
const stubborn = "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n"
/** Ends when somebody opens the FIFO `end` for writing. */
const endsWith = (how: string): string => `#!/bin/sh\n[ -p end ] || mkfifo end\nread -r _ <end\n${how}\n`

function unlessContained(): { skip: string | false } {
  const able = unlessAble({ root: true, ours: ['svscan'] })
  if (able.skip !== false) return able
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' })
    return { skip: false }
  } catch {
    return { skip: 'needs leave to make pid namespaces' }
  }
}

/** A service folder whose svscan is process 1 of a namespace, which ends with it. */
class Container {
  readonly house: House
  readonly #outer: Process

  /** @param enter Commands of /bin/sh before svscan takes its place; $1 is the scratch folder. @param args Of svscan. */
  constructor(t: Test, prepare: (house: House) => void, { args = [], enter = '', prefix = '' }: { args?: string[]; enter?: string; prefix?: string } = {}) {
    this.house = new House(t, ours, prepare, false)
    const script = `${enter}\nfolder=$2; shift 2; exec ${prefix} "$@" "$folder"`
    const command = ['sh', '-ec', script, 'sh', join(this.house.folder, '..'), this.house.folder, `${ours.folder}/svscan`, ...args]
    this.#outer = new Process(t, 'unshare', ['--pid', '--mount', '--fork', '--mount-proc', '--kill-child', ...command], { env: { PATH: `${ours.folder}:/usr/sbin:/usr/bin:/sbin:/bin` } })
  }

  /** Process 1, as seen from outside. */
  get init(): number {
    return Number(fs.readFileSync(`/proc/${this.#outer.pid}/task/${this.#outer.pid}/children`, 'latin1').split(' ')[0])
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.init, signal)
  }

  get stderr(): string {
    return this.#outer.stderr
  }

  async up(...names: string[]): Promise<void> {
    const isUp = (name: string): boolean => (readStatus(this.house.dir(name))?.pid ?? 0) !== 0 && isSupervised(this.house.dir(name))
    await until(`${names.join(', ')} up`, () => names.every(isUp), () => this.stderr)
  }

  /** Waits for its end. The exit code is that of process 1. */
  async ended(): Promise<{ code: number | null; stderr: string }> {
    const { code, stderr } = await this.#outer.ended
    return { code, stderr }
  }
}

function make(...services: [name: string, run: string, log?: string][]): (house: House) => void {
  return (house) => {
    for (const [name, run, log] of services) {
      house.make(name, { run, ...(log !== undefined && { log }) })
      house.link(name)
    }
  }
}

/** How many children of a process have ended and wait to be reaped. */
function zombies(pid: number): number {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')
  return children.filter((child) => {
    try {
      return /^State:\tZ/m.test(fs.readFileSync(`/proc/${child}/status`, 'latin1'))
    } catch {
      return false
    }
  }).length
}

t.test('10,000 orphans: none is left', unlessContained(), async (t) => {
  const program = { path: '' }
  const container = new Container(t, (house) => {
    program.path = compile(join(house.folder, '..'), 'make-orphans')
    make(['parent', `#!/bin/sh\nexec ${program.path} 10000\n`, keepLines])(house)
  })
  await until('all are made', () => container.house.lines('parent/log/lines').includes('made'), () => container.stderr)
  await until('none is left', () => zombies(container.init) === 0)
  t.equal(container.stderr, '')
  const parent = readStatus(container.house.dir('parent'))!.pid
  t.ok(parent !== 0, 'and the service is known as before')
  container.signal('SIGTERM')
  t.same(await container.ended(), { code: 0, stderr: '' })
})

t.test('TERM, INT, PWR: services end, then their loggers when they have read everything', unlessContained(), async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGPWR'] as const) {
    const talks = "#!/bin/sh\ntrap 'seq 1 20000; echo end; exit' TERM\necho begin\nmkfifo wait; exec 3<>wait\nwhile :; do read -r _ <&3; done\n"
    const slow = '#!/bin/sh\nwhile read -r line; do echo "$line"; done >>lines\n'
    const container = new Container(t, make(['talks', talks, slow], ['silent', forever], ['ends at once', '#!/bin/sh\necho start\n', keepLines]))
    await container.up('talks', 'talks/log', 'silent')
    await until('begun', () => container.house.lines('talks/log/lines').includes('begin'))
    container.signal(signal)
    t.same(await container.ended(), { code: 0, stderr: '' }, signal)
    t.same(container.house.lines('talks/log/lines'), ['begin', ...Array.from({ length: 20_000 }, (_, n) => `${n + 1}`), 'end'], 'every line is there')
  }
})

t.test('a service that ignores TERM is killed at the deadline; the others end in order, and their logs are whole', unlessContained(), async (t) => {
  const says = "#!/bin/sh\ntrap 'echo end; exit' TERM\necho begin\nmkfifo wait; exec 3<>wait\nwhile :; do read -r _ <&3; done\n"
  const container = new Container(t, make(['stubborn', stubborn, keepLines], ['says', says, keepLines]), { args: ['--stop-timeout', '1'] })
  await container.up('stubborn', 'says', 'says/log')
  await until('begun', () => container.house.lines('says/log/lines').includes('begin'))
  container.signal('SIGTERM')
  t.same(await container.ended(), { code: 111, stderr: 'svscan: warning: stubborn has not ended in 1 seconds, killing it\n' })
  t.same(container.house.lines('says/log/lines'), ['begin', 'end'])
})

t.test('a logger that does not end has a second longer', unlessContained(), async (t) => {
  const container = new Container(t, make(['sv', forever, stubborn]), { args: ['--stop-timeout=1'] })
  await container.up('sv', 'sv/log')
  container.signal('SIGTERM')
  t.same(await container.ended(), { code: 111, stderr: 'svscan: warning: sv/log has not ended in 1 seconds, killing it\n' })
})

t.test('essential: the end of everything, with its exit code', unlessContained(), async (t) => {
  const cases: [string, how: string, code: number][] = [
    ['an exit code', 'exit 7', 7],
    ['success', 'exit 0', 0],
    ['a signal', 'kill -9 $$', 137],
  ]
  for (const [what, how, code] of cases) {
    const container = new Container(t, (house) => {
      make(['main', endsWith(how), keepLines], ['other', forever, keepLines])(house)
      const dir = join(house.elsewhere, 'main')
      fs.writeFileSync(join(dir, 'essential'), '')
      fs.writeFileSync(join(dir, 'finish'), '#!/bin/sh\necho "$@"\nexit 125\n', { mode: 0o755 })
    })
    await container.up('main', 'main/log', 'other', 'other/log')
    await until('it waits for its end', () => fs.existsSync(join(container.house.elsewhere, 'main/end')))
    fs.writeFileSync(join(container.house.elsewhere, 'main/end'), '\n')
    t.same(await container.ended(), { code, stderr: '' }, what)
    t.same(container.house.lines('main/log/lines'), [code === 137 ? '256 9 main' : `${code} 0 main`], 'finish ran once, and into the log')
  }
})

t.test('essential: one that is restarted, or taken down by svc -d, does not end anything; svc -o does', unlessContained(), async (t) => {
  const container = new Container(t, (house) => {
    make(['main', `#!/bin/sh\necho start >>starts\n${endsWith('exit 3').replace('#!/bin/sh\n', '')}`])(house)
    fs.writeFileSync(join(house.elsewhere, 'main/essential'), '')
  })
  const dir = container.house.dir('main')
  const end = join(container.house.elsewhere, 'main/end')
  const started = (times: number): Promise<unknown> => until(`start ${times}`, () => container.house.lines('main/starts').length === times && fs.existsSync(end), () => container.stderr)
  await started(1)
  fs.writeFileSync(end, '\n')
  await started(2)
  writeControl(dir, 'd')
  await until('down', () => readStatus(dir)!.pid === 0)
  writeControl(dir, 'o')
  await started(3)
  fs.writeFileSync(end, '\n')
  t.same(await container.ended(), { code: 3, stderr: '' })
})

t.test('as an ordinary user, with service directories that cannot be written', unlessContained(), async (t) => {
  const nobody = 65534
  const container = new Container(
    t,
    (house) => {
      const state = join(house.folder, '../state')
      fs.mkdirSync(state)
      fs.chownSync(state, nobody, nobody)
      const lines = join(state, 'lines')
      make(['sv', '#!/bin/sh\nid -u\ntouch here 2>/dev/null && echo writable\nexec sleep 100000\n', `#!/bin/sh\nexec cat >>${lines}\n`])(house)
      fs.symlinkSync(join(state, 'sv'), join(house.elsewhere, 'sv/supervise'))
      fs.symlinkSync(join(state, 'sv.log'), join(house.elsewhere, 'sv/log/supervise'))
    },
    {
      enter: 'mount --bind "$1/var" "$1/var"; mount -o remount,bind,ro "$1/var"; mount --bind "$2" "$2"; mount -o remount,bind,ro "$2"',
      prefix: `setpriv --reuid ${nobody} --regid ${nobody} --clear-groups`,
    },
  )
  await container.up('sv', 'sv/log')
  const lines = (): string => fs.readFileSync(join(container.house.folder, '../state/lines'), 'latin1')
  await until('its line', () => lines() !== '')
  t.equal(lines(), `${nobody}\n`)
  container.signal('SIGTERM')
  t.same(await container.ended(), { code: 0, stderr: '' })
})

t.test('with its standard streams closed', unlessContained(), async (t) => {
  const container = new Container(t, make(['sv', '#!/bin/sh\nls /proc/self/fd\nexec sleep 100000\n', keepLines]), { enter: 'exec 0<&- 1>&- 2>&-' })
  await container.up('sv', 'sv/log')
  container.signal('SIGTERM')
  t.equal((await container.ended()).code, 0)
})
