/**
 * svscan: which services it hosts, what it says, and how it ends. What they inherit is in inherit.test.ts, the log pipe under load in logging.test.ts.
 *
 * HUP is in upgrade-svscan.test.ts, -9 in takeup.test.ts, process 1 in pid1.test.ts.
 *
 * Not tested: inotify running out, a service folder on a file system without inotify.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { forever, House, keepLines } from './support/house.ts'
import { both, fixture, type Implementation, ours, theirs, unlessAble } from './support/implementation.ts'
import { commandLine } from './support/private-root.ts'
import { isAlive, kill, Process, run } from './support/process.ts'
import { isSupervised, normalize, readStatus, writeControl } from './support/status.ts'
import { makeService, scratch } from './support/tree.ts'
import { until } from './support/until.ts'

const able = unlessAble({ theirs: ['svscan', 'svc', 'svok', 'svstat', 'multilog'], ours: ['svscan', 'svc', 'svok', 'svstat'] })
// They wait more than they work.
t.jobs = 4

t.test('a link is taken up at once: several, one after the other, before a directory that waits for the periodic look', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('first', { run: forever }), house.link('first')))
  await house.listening()
  let best = 0
  // A periodic look may fall between: then once more.
  for (let attempt = 0; attempt < 3 && best < 3; attempt++) {
    makeService(house.folder, `directory${attempt}`, { run: forever })
    const count = (n: number): string => `link${attempt}-${n}`
    let links = 0
    while (!house.isUp(`directory${attempt}`) && links < 5) {
      house.make(count(links), { run: forever })
      house.link(count(links))
      await house.up(count(links))
      links++
    }
    best = Math.max(best, links)
  }
  t.ok(best >= 3, `${best} links came up, each after the other, before the next periodic look`)
})

t.test('what is in the folder: links, log/, two names of one directory, spaces, UTF-8, bytes, dots, files', { ...able }, async (t) => {
  const one = async (implementation: Implementation) => {
    const names = ['plain', 'with log', 'naïve', 'twin-1', 'twin-2', '-dash', "quote's $(x)"]
    const house = new House(t, implementation, (house) => {
      for (const name of ['plain', 'naïve', '-dash', "quote's $(x)", '.hidden', 'twin']) house.make(name, { run: '#!/bin/sh\necho start >>starts\nexec sleep 100000\n' })
      house.make('with log', { run: forever, log: forever })
      for (const name of ['plain', 'naïve', 'with log', '-dash', "quote's $(x)", '.hidden']) house.link(name)
      house.link('twin-1', 'twin')
      house.link('twin-2', 'twin')
      house.link('dangling', 'nowhere')
      fs.symlinkSync('loop', house.dir('loop'))
      fs.writeFileSync(house.dir('a file'), '')
      makeService(house.folder, 'directory', { run: forever, log: forever })
      const bytes = Buffer.concat([Buffer.from(`${house.folder}/`), Buffer.from([0xff, 0xfe])])
      fs.symlinkSync(makeService(house.elsewhere, 'bytes', { run: forever }), bytes)
    })
    const up = [...names, 'with log/log', 'directory', 'directory/log']
    await house.up(...up)
    await until('the name that is no text', () => (readStatus(join(house.elsewhere, 'bytes'))?.pid ?? 0) !== 0)
    await until('both warnings', () => house.svscan.stderr.includes('dangling') && house.svscan.stderr.includes('loop'))
    t.equal(house.isUp('.hidden'), false, `${implementation.name}: names with a dot are passed over`)
    t.same(house.lines('twin/starts'), ['start'], `${implementation.name}: two links, one service`)
    const { stdout } = await run(t, `${theirs.folder}/svstat`, up, { cwd: house.folder })
    return { svstat: normalize(stdout), warnings: [...new Set(house.svscan.stderr.split('\n'))].sort() }
  }
  const [c, o] = await Promise.all(both.map(one))
  t.same(o, c)
  t.same(c!.warnings, ['', 'svscan: warning: unable to stat dangling: file does not exist', 'svscan: warning: unable to stat loop: symbolic link loop'])
})

t.test('a real directory is taken up with its log/, though that is made a moment later', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('first', { run: forever }), house.link('first')))
  await house.listening()
  const waits = async (attempt: number): Promise<boolean> => {
    const late = `late${attempt}`
    fs.mkdirSync(house.dir(late))
    // something else happens in the folder, so that svscan looks
    house.make(`link${attempt}`, { run: forever })
    house.link(`link${attempt}`)
    await house.up(`link${attempt}`)
    if (readStatus(house.dir(late)) !== undefined) return false // a periodic look fell between: once more
    makeService(house.folder, late, { run: '#!/bin/sh\necho line\nexec sleep 100000\n', log: keepLines })
    await house.up(late, `${late}/log`)
    const lines = `${house.dir(late)}/log/lines`
    await until('its line is in the log', () => fs.existsSync(lines) && fs.readFileSync(lines, 'latin1') === 'line\n')
    return true
  }
  t.ok((await waits(1)) || (await waits(2)) || (await waits(3)), 'it waits for the periodic look, and has a log')
})

t.test('a removed link stops nothing; svc -dx DIR DIR/log ends it for good', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('sv', { run: forever, log: forever }), house.link('sv')))
  const pids = await house.up('sv', 'sv/log')
  fs.unlinkSync(house.dir('sv'))
  const dir = join(house.elsewhere, 'sv')
  house.make('other', { run: forever })
  house.link('other')
  await house.up('other') // so it has looked
  t.same([readStatus(dir)!.pid, readStatus(`${dir}/log`)!.pid].map((pid, index) => pid === pids[index] && isAlive(pid)), [true, true], 'both run on')
  t.ok(isSupervised(dir) && isSupervised(`${dir}/log`), 'and obey')
  const { stderr } = await run(t, `${theirs.folder}/svc`, ['-dx', dir, `${dir}/log`])
  t.equal(stderr, '')
  await until('nobody listens', () => !isSupervised(dir) && !isSupervised(`${dir}/log`))
  t.same(pids.map(isAlive), [false, false])
  // the same directory, linked again, is a service again, with its log
  house.link('sv')
  await house.up('sv', 'sv/log')
})

t.test('a link that was renamed leads to the same service, and is supervised again under its new name', { ...able }, async (t) => {
  await Promise.all(
    both.map(async (implementation) => {
      const house = new House(t, implementation, (house) => (house.make('sv', { run: forever, log: forever }), house.link('sv')))
      const [before, logger] = await house.up('sv', 'sv/log')
      fs.renameSync(house.dir('sv'), house.dir('renamed'))
      writeControl(house.dir('renamed'), 'dx')
      await until('another process', () => house.isUp('renamed') && readStatus(house.dir('renamed'))!.pid !== before, () => house.svscan.stderr)
      t.ok(isAlive(logger!), implementation.name)
    }),
  )
})

t.test('svc -x on a listed service: svscan supervises it again', { ...able }, async (t) => {
  await Promise.all(
    both.map(async (implementation) => {
      const house = new House(t, implementation, (house) => (house.make('sv', { run: forever, log: forever }), house.link('sv')))
      const [before, logger] = await house.up('sv', 'sv/log')
      writeControl(house.dir('sv'), 'dx')
      const after = await until('another process', () => house.isUp('sv') && readStatus(house.dir('sv'))!.pid !== before && readStatus(house.dir('sv')))
      t.equal(after.want, 'u', implementation.name)
      t.ok(isAlive(logger!), 'the logger has not noticed')
    }),
  )
})

t.test('a burst of 100 links, with a log each', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('first', { run: forever }), house.link('first')))
  await house.listening()
  const names = Array.from({ length: 100 }, (_, n) => `s${n}`)
  for (const name of names) house.make(name, { run: `#!/bin/sh\necho ${name}\nexec sleep 100000\n`, log: keepLines })
  for (const name of names) house.link(name)
  await house.up(...names.flatMap((name) => [name, `${name}/log`]))
  await until('each line is in its own log', () => names.every((name) => house.lines(`${name}/log/lines`).join() === name))
  t.equal(house.svscan.stderr, '')
})

t.test('C svc, svstat and svok on what svscan hosts', { ...able }, async (t) => {
  const printSignals = `#!/bin/sh\nexec ${fixture('print-signals')} >>seen\n`
  const house = new House(t, ours, (house) => (house.make('sv', { run: printSignals, log: forever }), house.link('sv')))
  const [pid] = await house.up('sv', 'sv/log')
  await until('ready', () => house.lines('sv/seen').includes('ready'))
  const svc = (...args: string[]) => run(t, `${theirs.folder}/svc`, args, { cwd: house.folder })
  const svstat = async () => normalize((await run(t, `${theirs.folder}/svstat`, ['sv', 'sv/log'], { cwd: house.folder })).stdout)
  t.equal((await run(t, `${theirs.folder}/svok`, ['sv'], { cwd: house.folder })).code, 0)
  t.equal((await run(t, `${theirs.folder}/svok`, ['sv/log'], { cwd: house.folder })).code, 0)
  await svc('-hait', 'sv')
  await until('four signals', () => {
    // A shell that is hit between two system calls runs its trap when it has read a line.
    fs.writeFileSync(join(house.dir('sv'), 'wait'), '\n')
    return ['HUP', 'ALRM', 'INT', 'TERM'].every((name) => house.lines('sv/seen').includes(name))
  })
  await svc('-p', 'sv')
  await until('paused', () => readStatus(house.dir('sv'))!.paused === 1)
  t.equal(await svstat(), 'sv: up (pid N) S seconds, paused\nsv/log: up (pid N) S seconds\n')
  await svc('-ck', 'sv')
  await until('another process', () => house.isUp('sv') && readStatus(house.dir('sv'))!.pid !== pid)
  await svc('-dk', 'sv')
  await svc('-d', 'sv/log')
  await until('down', () => readStatus(house.dir('sv'))!.pid === 0 && readStatus(house.dir('sv/log'))!.pid === 0)
  t.equal(await svstat(), 'sv: down S seconds, normally up\nsv/log: down S seconds, normally up\n')
})

t.test('a C supervise holds a service: svscan says so, goes on, and takes it over when it is free', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    house.make('held', { run: forever, log: forever })
    house.make('first', { run: forever })
  })
  const held = new Process(t, `${theirs.folder}/supervise`, [join(house.elsewhere, 'held')])
  const pid = await until('held', () => readStatus(join(house.elsewhere, 'held'))?.pid || undefined)
  house.link('held')
  house.link('first')
  await house.up('first', 'held/log')
  await until('a complaint', () => house.svscan.stderr.includes('supervise: fatal: unable to acquire held/supervise/lock: temporary failure\n'), () => house.svscan.stderr)
  t.equal(readStatus(house.dir('held'))!.pid, pid, 'one copy')
  writeControl(house.dir('held'), 'dx')
  await held.exited
  await house.up('held')
  t.not(readStatus(house.dir('held'))!.pid, pid)
})

t.test('TERM stops services, then loggers when they have read all', { ...able }, async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const house = new House(t, ours, (house) => {
      // says much at its end; its logger is slow, so the pipe is full
      house.make('talks', { run: '#!/bin/sh\ntrap \'seq 1 30000; echo end; exit\' TERM\necho begin\nmkfifo wait; exec 3<>wait\nwhile :; do read -r _ <&3; done\n', log: '#!/bin/sh\nwhile read -r line; do echo "$line"; done >>lines\n' })
      house.make('down', { run: forever, down: true, log: keepLines })
      house.make('ends at once', { run: '#!/bin/sh\necho start\n', log: keepLines })
      house.make('silent', { run: forever })
      for (const name of ['talks', 'down', 'ends at once', 'silent']) house.link(name)
    })
    await house.up('talks', 'talks/log', 'down/log', 'silent')
    await until('begun', () => house.lines('talks/log/lines').includes('begin'))
    const pids = ['talks', 'talks/log', 'down/log', 'silent'].map((name) => readStatus(house.dir(name))!.pid)
    house.svscan.signal(signal)
    const { code, stderr } = await house.svscan.ended
    t.same({ code, stderr }, { code: 0, stderr: '' }, signal)
    t.same(pids.filter(isAlive), [], 'nothing runs any more')
    t.same(house.lines('talks/log/lines'), ['begin', ...Array.from({ length: 30_000 }, (_, n) => `${n + 1}`), 'end'], 'every line is there')
    for (const name of ['talks', 'talks/log', 'down', 'down/log', 'silent']) t.equal(readStatus(house.dir(name))!.pid, 0, `${name} is down`)
  }
})

t.test('TERM: svscan ends though a logger that is down has not read', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    house.make('sv', { run: '#!/bin/sh\nseq 1 3000\necho done >>../done\nexec sleep 100000\n', log: keepLines })
    fs.writeFileSync(join(house.elsewhere, 'sv/log/down'), '')
    house.link('sv')
  })
  await until('the lines wait in the pipe', () => house.lines('done').length > 0)
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  t.same([house.svscan.exitCode, house.svscan.stderr], [0, ''])
})

t.test('QUIT leaves everything running', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('sv', { run: forever, log: forever }), house.link('sv')))
  const pids = await house.up('sv', 'sv/log')
  house.svscan.signal('SIGQUIT')
  await house.svscan.exited
  t.equal(house.svscan.exitCode, 0)
  t.same(pids.map(isAlive), [true, true])
  t.same([house.isUp('sv'), isSupervised(house.dir('sv/log'))], [false, false], 'and nobody supervises them')
})

t.test('ALRM looks at once, also at what is not a link', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('first', { run: forever }), house.link('first'), house.link('dangling', 'nowhere')))
  await house.listening()
  const looks = (): number => house.svscan.stderr.split('\n').length - 1
  for (let n = 0; n < 20; n++) {
    const before = looks()
    house.svscan.signal('SIGALRM')
    await until('it has looked', () => looks() > before)
  }
  t.ok(house.svscan.running, '20 looks')
})

t.test('KILL leaves everything running, and a C supervise can have it', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('sv', { run: forever }), house.link('sv')))
  const [pid] = await house.up('sv')
  // Before that it waits to be let go, and ends with who should do that.
  await until('its program runs', () => commandLine(pid!).startsWith('sleep 100000'))
  house.svscan.signal('SIGKILL')
  await house.svscan.exited
  t.ok(isAlive(pid!))
  const { stdout } = await run(t, `${theirs.folder}/svstat`, ['sv'], { cwd: house.folder })
  t.equal(stdout, 'sv: supervise not running\n')
})

t.test('a service that cannot be supervised is no trouble for the others', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    for (const name of ['lock', 'log is a file', 'log pipe', 'no run', 'good']) house.make(name, name === 'no run' ? {} : { run: forever, ...(name === 'good' && { log: forever }) })
    fs.mkdirSync(join(house.elsewhere, 'lock/supervise/lock'), { recursive: true })
    fs.writeFileSync(join(house.elsewhere, 'log is a file/log'), '')
    makeService(house.elsewhere, 'log pipe/log', { run: forever })
    fs.mkdirSync(join(house.elsewhere, 'log pipe/supervise'))
    fs.writeFileSync(join(house.elsewhere, 'log pipe/supervise/log'), '')
    for (const name of ['lock', 'log is a file', 'log pipe', 'no run', 'good']) house.link(name)
  })
  await house.up('good', 'good/log', 'log is a file')
  const expected = [
    'unable to acquire lock/supervise/lock: is a directory',
    'unable to chdir to log is a file/log: not a directory',
    'unable to create pipe for log pipe: supervise/log is not a FIFO',
    'supervise: fatal: unable to start no run/run: file does not exist',
  ]
  await until('each is complained of', () => expected.every((line) => house.svscan.stderr.includes(line)), () => house.svscan.stderr)
  t.pass('all complaints')
})

t.test('svscan without an argument works where it is; further ones are ignored', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => (house.make('sv', { run: forever }), house.link('sv')))
  await house.up('sv')
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  house.svscan = new Process(t, `${ours.folder}/svscan`, [], { cwd: house.folder })
  await house.up('sv')
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  house.svscan = new Process(t, `${ours.folder}/svscan`, ['service', 'nowhere', '-x'], { cwd: join(house.folder, '..') })
  await house.up('sv')
})

t.test('svscan refuses as theirs does', { ...unlessAble({ theirs: ['svscan', 'setuidgid'], ours: ['svscan'], root: true }) }, async (t) => {
  for (const args of [['missing'], [''], ['file'], ['closed'], ['loop'], ['-x'], ['x'.repeat(300)]]) {
    const [c, o] = await Promise.all(
      both.map(async ({ folder }) => {
        const cwd = scratch(t)
        fs.mkdirSync(join(cwd, 'closed'), { mode: 0o700 })
        fs.writeFileSync(join(cwd, 'file'), '')
        fs.symlinkSync('loop', join(cwd, 'loop'))
        const { code, stdout, stderr } = await run(t, `${theirs.folder}/setuidgid`, ['nobody', `${folder}/svscan`, ...args], { cwd })
        return { code, stdout, stderr }
      }),
    )
    t.same(o, c, `${c!.stderr.trim().slice(0, 100)}`)
  }
})

t.test('the folder may be entered and not read: said, and tried again', { ...unlessAble({ theirs: ['svscan', 'setuidgid'], ours: ['svscan'], root: true }) }, async (t) => {
  const said = await Promise.all(
    both.map(async ({ folder }) => {
      const cwd = scratch(t)
      fs.mkdirSync(join(cwd, 'blind'))
      fs.chmodSync(join(cwd, 'blind'), 0o711)
      const svscan = new Process(t, `${theirs.folder}/setuidgid`, ['nobody', `${folder}/svscan`, 'blind'], { cwd })
      await until('a warning', () => svscan.stderr.includes('\n'))
      await until('two warnings, and it still runs', () => (folder === ours.folder && svscan.signal('SIGALRM'), svscan.stderr.split('unable to read directory').length > 2) && svscan.running)
      return svscan.stderr.split('\n')[0]
    }),
  )
  t.same(said[1], said[0])
})

t.test('1,005 services: none too many', { ...able }, async (t) => {
  const names = Array.from({ length: 1005 }, (_, n) => `s${n}`)
  const house = new House(t, ours, (house) => {
    for (const name of names) house.link(name, (house.make(name, { run: forever }), name))
  })
  await house.up('s0', 's1004', 's500')
  await house.up(...names)
  t.equal(house.svscan.stderr, '', 'without a word')
  const { stdout } = await run(t, `${theirs.folder}/svstat`, names, { cwd: house.folder })
  t.equal(stdout.split('\n').filter((line) => line.includes(': up (pid ')).length, 1005)
  // A table of open files for thousands would cost each of them kilobytes in the kernel, and its start the time to copy it.
  const room = (name: string): string | undefined => /^FDSize:\t(\d+)$/m.exec(fs.readFileSync(`/proc/${readStatus(house.dir(name))!.pid}/status`, 'latin1'))?.[1]
  t.equal(new Set(names.map(room)).size, 1, 'each has as little as the others')
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  t.equal(names.filter((name) => readStatus(house.dir(name))!.pid !== 0).length, 0, 'and TERM stops them all')
})

t.test('the pipe stays open across restarts of either end', { ...able }, async (t) => {
  await Promise.all(
    both.map(async (implementation) => {
      // The writer says one line for each byte in its FIFO; the reader notes what it reads.
      const house = new House(t, implementation, (house) => {
        house.make('sv', { run: '#!/bin/sh\n[ -p ask ] || mkfifo ask\nexec 3<>ask\necho start\nwhile read -r line <&3; do echo "$line"; echo "$line" >>said; done\n', log: '#!/bin/sh\nwhile read -r line; do echo "$line" >>lines; done\n' })
        house.link('sv')
      })
      const say = (line: string): void => fs.appendFileSync(join(house.elsewhere, 'sv/ask'), `${line}\n`)
      const logged = (...lines: string[]): Promise<boolean> => until(`${lines.at(-1)} logged`, () => house.lines('sv/log/lines').join() === lines.join(), () => house.lines('sv/log/lines').join())
      const [service, logger] = await house.up('sv', 'sv/log')
      await logged('start')
      kill(logger!)
      await until('the logger is dead', () => !isAlive(logger!))
      writeControl(house.dir('sv/log'), 'd')
      await until('down', () => readStatus(house.dir('sv/log'))!.want === 'd' && readStatus(house.dir('sv/log'))!.pid === 0)
      say('while the logger is down')
      await until('it is said', () => house.lines('sv/said').length === 1)
      kill(service!)
      await until('another service', () => house.isUp('sv') && readStatus(house.dir('sv'))!.pid !== service)
      writeControl(house.dir('sv/log'), 'u')
      await logged('start', 'while the logger is down', 'start')
      say('to the end')
      await logged('start', 'while the logger is down', 'start', 'to the end')
      t.pass(implementation.name)
    }),
  )
})

/** The build's commands, with svscan behind /bin/sh lines. */
function behind(t: Test, lines: string): Implementation {
  const folder = scratch(t)
  fs.writeFileSync(join(folder, 'svscan'), `#!/bin/sh\n${lines} ${ours.folder}/svscan "$@"\n`, { mode: 0o755 })
  return { name: 'ours', folder }
}

t.test('svscan takes as many open files as it may; services have the limits that it inherited', { ...unlessAble({ theirs: [], ours: ['svscan'], root: true }) }, async (t) => {
  const noteLimits = '#!/bin/sh\nulimit -Sn >limits\nulimit -Hn >>limits\nexec sleep 100000\n'
  const house = new House(t, behind(t, 'ulimit -Sn 100\nulimit -Hn 200\nexec'), (house) => (house.make('sv', { run: noteLimits, log: noteLimits }), house.link('sv')))
  await house.up('sv', 'sv/log')
  await until('both have noted theirs', () => ['sv', 'sv/log'].every((name) => house.lines(`${name}/limits`).length === 2))
  t.same(['sv', 'sv/log'].map((name) => house.lines(`${name}/limits`)), [['100', '200'], ['100', '200']])
  const allowed = fs.readFileSync('/proc/sys/fs/nr_open', 'latin1').trim()
  // A root without CAP_SYS_RESOURCE may not go beyond the hard limit.
  const most = (await run(t, 'prlimit', [`--nofile=${allowed}:${allowed}`, 'true'])).code === 0 ? allowed : '200'
  t.match(fs.readFileSync(`/proc/${house.svscan.pid}/limits`, 'latin1'), new RegExp(`^Max open files +${most} +${most} `, 'm'))
})

t.test('as another user svscan runs out of open files: the rest is said, one line each, and waits; the others run, obey, and are started again', { ...unlessAble({ theirs: ['setuidgid'], ours: ['svscan'], root: true }) }, async (t) => {
  const names = Array.from({ length: 30 }, (_, n) => `s${n}`)
  const house = new House(t, ours, (house) => {
    for (const name of names) house.make(name, { run: forever, ...(name === 's0' && { log: keepLines }) })
  }, false)
  await run(t, 'chown', ['-R', 'nobody', house.elsewhere])
  house.link('s0')
  house.start(behind(t, `ulimit -n 90\nexec ${theirs.folder}/setuidgid nobody`))
  // first: a folder has an order on Node and none in the executable, and its log would be refused in a line of its own
  await house.up('s0', 's0/log')
  for (const name of names.slice(1)) house.link(name)
  const refused = (): string[] => house.svscan.stderr.split('\n').slice(0, -1).map((line) => /^supervise: fatal: unable to .* (s\d+)(\/.*)?: process cannot open more files$/.exec(line)?.[1] ?? line).sort()
  const isKnown = (name: string): boolean => house.isUp(name) || refused().includes(name)
  await until('each is up or refused', () => names.every(isKnown), () => house.svscan.stderr)
  const up = names.filter((name) => house.isUp(name))
  t.same([...up, ...refused()].sort(), [...names].sort(), `${up.length} are up; of the others one line is said each`)
  t.ok(up.length >= 5 && up.length < names.length)
  const before = up.map((name) => readStatus(house.dir(name))!.pid)
  for (const name of up) writeControl(house.dir(name), 'k')
  await until('all are started again', () => up.every((name, index) => house.isUp(name) && readStatus(house.dir(name))!.pid !== before[index]), () => house.svscan.stderr)
  // one leaves: its place is for another
  fs.unlinkSync(house.dir(up[1]!))
  writeControl(join(house.elsewhere, up[1]!), 'dx')
  await until('another one has come up', () => refused().some((name) => house.isUp(name)))
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  t.equal(house.svscan.exitCode, 0)
})
