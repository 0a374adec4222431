/**
 * Shared logging from outside: a real service folder, its loggers stand-ins, one multilogd. docs/design/logging.md says what is promised.
 *
 * Not tested: another mount or user namespace, a security label, a disk that hangs.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ours, unlessAble } from './support/implementation.ts'
import { openFiles } from './support/keeper.ts'
import { identify, isSame, kill, Process, run, stateOf } from './support/process.ts'
import { readLink, readText } from './support/procfs.ts'
import { SharedSite } from './support/shared-site.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

t.jobs = 1

const able = unlessAble({ ours: ['svscan', 'multilog', 'multilogd', 'svc'] })
const multilog = join(ours.folder, 'multilog')
const count = 30
/** What a multilogd or a multilog that is killed may have read and not yet written. */
const mostRead = 65536

async function progress(site: SharedSite, name: string, lines = 100): Promise<void> {
  const total = (): number => site.written(name).reduce((sum, { count }) => sum + count, 0)
  const before = total()
  await until(`${name} has written ${lines} lines`, () => total() > before + lines)
}

async function svc(t: Test, site: SharedSite, option: string, name: string): Promise<void> {
  const { code, stderr } = await run(t, join(ours.folder, 'svc'), [option, site.dir(name)])
  t.strictSame([code, stderr], [0, ''])
}

async function svstat(t: Test, site: SharedSite, name: string): Promise<string> {
  return (await run(t, join(ours.folder, 'svstat'), [site.dir(name)])).stdout
}

t.test(`${count} logs shared: svc -t, -a, -d, -u on loggers, three upgrades of multilogd, the end of it all: every line, once, in order`, { ...able }, async (t) => {
  const site = new SharedSite(t, count)
  await site.shared()
  const log = `${site.names[0]}/log`

  t.match(await svstat(t, site, log), new RegExp(`: up \\(pid ${site.pidOf(log)}\\) \\d+ seconds\n$`))
  const before = identify(site.pidOf(log))!
  await svc(t, site, '-t', log)
  await until('another logger', () => !isSame(before) && site.isShared('s1'))
  const files = (): number => fs.readdirSync(site.logFolder('s2')).length
  const some = files()
  await svc(t, site, '-a', 's2/log')
  await until('a new file', () => files() > some)
  await svc(t, site, '-d', 's3/log')
  await until('the logger is down', () => site.pidOf('s3/log') === 0)
  t.equal(fs.statSync(join(site.logFolder('s3'), 'current')).mode & 0o777, 0o744, 'its log is whole')
  t.match(await svstat(t, site, 's3/log'), /: down \d+ seconds, normally up\n$/)

  const standIns = site.names.filter((name) => name !== 's3').map((name) => identify(site.pidOf(`${name}/log`))!)
  for (let upgrade = 0; upgrade < 3; upgrade++) {
    await progress(site, 's1')
    const multilogd = identify(site.pidOf('multilogd'))!
    await svc(t, site, '-t', 'multilogd')
    await until('another multilogd', () => !isSame(multilogd) && site.pidOf('multilogd') !== 0)
    await until('all logs are shared again', () => site.names.filter((name) => name !== 's3').every((name) => site.isShared(name)))
  }
  t.ok(standIns.every(isSame), 'an upgrade restarts no logger')
  await svc(t, site, '-u', 's3/log')
  await site.shared()
  await progress(site, 's1')

  site.svscan.signal('SIGTERM')
  await site.svscan.exited
  t.equal(site.svscan.exitCode, 0)
  t.equal(site.svscan.stderr, '')
  t.strictSame(site.names.map((name) => site.check(name)), site.names.map(() => ({ missing: 0, wrong: '' })))
  t.ok(site.names.every((name) => (fs.statSync(join(site.logFolder(name), 'current')).mode & 0o777) === 0o744))
})

t.test(`${count} logs shared: multilogd and stand-ins killed with -9 under load: in order, nothing twice, at most one read of each log lost`, { ...able }, async (t) => {
  const site = new SharedSite(t, count)
  await site.shared()
  const standIns = site.names.map((name) => identify(site.pidOf(`${name}/log`))!)
  const kills = 3
  for (let time = 0; time < kills; time++) {
    await progress(site, 's1')
    const multilogd = identify(site.pidOf('multilogd'))!
    kill(multilogd.pid)
    await until('another multilogd', () => !isSame(multilogd) && site.pidOf('multilogd') !== 0)
    await site.shared()
  }
  t.ok(standIns.every(isSame), 'the loggers stay')
  const said = site.svscan.stderr.split('\n').filter((line) => line.includes('multilogd has died, waiting for the next one'))
  t.equal(said.length, kills * count, 'each says so, once')

  const victims = site.names.slice(0, 10)
  for (const name of victims) {
    const standIn = identify(site.pidOf(`${name}/log`))!
    kill(standIn.pid)
    await until('another stand-in', () => !isSame(standIn) && site.isShared(name))
  }
  t.notMatch(site.svscan.stderr, /unable to lock/, 'the next one finds the directory unlocked')
  await progress(site, 's1')
  site.svscan.signal('SIGTERM')
  await site.svscan.exited
  const results = site.names.map((name) => site.check(name))
  const missing = results.reduce((sum, one) => sum + one.missing, 0)
  t.comment(`${missing} lines missing after ${kills} times ${count} logs and ${victims.length} stand-ins`)
  t.ok(missing * 60 <= (kills * count + victims.length) * mostRead)
  t.strictSame(results.map(({ wrong }) => wrong).filter((wrong) => wrong !== ''), [], 'no line is torn')
})

interface Scene {
  folder: string
  /** DIR. */
  shared: string
  multilogd: Process
  /** A multilog that is offered to it, with its standard input. */
  start(args: readonly string[], options?: { stderr?: number; env?: NodeJS.ProcessEnv }): Logger
}

interface Logger {
  process: Process
  write(text: string): void
  end(): void
}

/** multilogs in a folder, and one multilogd, which is there already unless told otherwise. */
async function stage(t: Test, { late = false } = {}): Promise<Scene & { begin(): Process }> {
  const folder = scratch(t)
  const shared = join(folder, 'shared')
  fs.mkdirSync(shared, { mode: 0o700 })
  const begin = (): Process => new Process(t, join(ours.folder, 'multilogd'), [shared])
  const scene = {
    folder,
    shared,
    begin,
    multilogd: undefined as unknown as Process,
    start(args: readonly string[], { stderr, env }: { stderr?: number; env?: NodeJS.ProcessEnv } = {}): Logger {
      const fifo = join(folder, `input${fs.readdirSync(folder).length}`)
      execFileSync('mkfifo', [fifo])
      const both = fs.openSync(fifo, 'r+')
      const reading = fs.openSync(fifo, 'r')
      const process_ = new Process(t, multilog, args, { cwd: folder, env: { ...process.env, MULTILOG_SHARED: shared, ...env }, stdio: [reading, 'pipe', stderr ?? 'pipe'] })
      fs.closeSync(reading)
      let open = true
      const end = (): void => {
        if (open) fs.closeSync(both)
        open = false
      }
      t.teardown(end)
      return { process: process_, write: (text) => void fs.writeSync(both, text), end }
    },
  }
  if (!late) {
    scene.multilogd = begin()
    await until('multilogd listens', () => fs.existsSync(join(shared, 'ready')))
  }
  return scene
}

const logged = (scene: Scene, name: string): string => readText(join(scene.folder, name, 'current'))
const isStandIn = (logger: Logger): boolean => /\/command\/multilog$/.test(readLink(`/proc/${logger.process.pid}/exe`))

t.test('multilogd comes later than its clients: they wait, and are shared', { ...able }, async (t) => {
  const scene = await stage(t, { late: true })
  const loggers = ['a', 'b'].map((name) => scene.start([`./${name}`]))
  loggers.forEach((logger) => logger.write('early\n'))
  await until('they sleep at the FIFO', () => loggers.every(({ process }) => readText(`/proc/${process.pid}/wchan`).length > 0 && stateOf(process.pid) === 'S') && fs.existsSync(join(scene.shared, 'ready')))
  t.strictSame([logged(scene, 'a'), logged(scene, 'b')], ['', ''])
  scene.begin()
  await until('the lines are logged', () => ['a', 'b'].every((name) => logged(scene, name) === 'early\n'))
  t.ok(loggers.every(isStandIn))
  loggers.forEach(({ end }) => end())
  for (const { process } of loggers) t.match(await process.ended, { code: 0, stderr: '' })
})

t.test('no multilogd comes: multilog runs alone, after it has said so', { ...able }, async (t) => {
  const scene = await stage(t, { late: true })
  const logger = scene.start(['./a'])
  logger.write('line\n')
  await until('the line is logged', () => logged(scene, 'a') === 'line\n')
  t.notOk(isStandIn(logger))
  logger.end()
  t.match(await logger.process.ended, { code: 0, stderr: `multilog: warning: logging alone, not in ${scene.shared}: no multilogd is there\n` })
})

for (const [name, prepare, why] of [
  ['a folder that others may enter', (scene: Scene) => fs.chmodSync(scene.shared, 0o755), 'others may enter it'],
  ['a folder that is not there', (scene: Scene) => fs.renameSync(scene.shared, `${scene.shared}2`), 'No such file or directory'],
] as const) {
  t.test(`${name} is not used`, { ...able }, async (t) => {
    const scene = await stage(t)
    prepare(scene)
    const logger = scene.start(['./a'])
    logger.write('line\n')
    logger.end()
    t.match(await logger.process.ended, { code: 0, stderr: `multilog: warning: logging alone, not in ${scene.shared}: ${why}\n` })
    t.equal(logged(scene, 'a'), 'line\n')
  })
}

/** Runs multilog after something has been changed that it inherits. */
async function changed(t: Test, scene: Scene, script: string): Promise<string> {
  const program = `const { spawnSync } = require('node:child_process'); ${script}; process.stderr.write(spawnSync('/bin/sh', ['-c', before + 'exec "$0" ./a', ${JSON.stringify(multilog)}], { input: 'line\\n', cwd: ${JSON.stringify(scene.folder)} }).stderr)`
  const { stderr } = await run(t, process.execPath, ['-e', program], { env: { ...process.env, MULTILOG_SHARED: scene.shared } })
  return stderr
}

for (const [name, script, why] of [
  ['another supplementary group', 'process.setgroups([4, 20]); const before = ""', 'multilogd has another groups'],
  ['a limit on file sizes', 'const before = "ulimit -f 100; "', 'multilogd has another limit on file sizes'],
] as const) {
  t.test(`who has ${name} is refused, and runs alone`, { ...unlessAble({ root: name.includes('group'), ours: ['multilogd'] }) }, async (t) => {
    const scene = await stage(t)
    t.equal(await changed(t, scene, script), `multilog: warning: logging alone, not in ${scene.shared}: ${why}\n`)
    t.equal(logged(scene, 'a'), 'line\n')
  })
}

t.test('another user is not served: neither is its folder used, nor can it enter ours', { ...unlessAble({ root: true, ours: ['multilogd'], theirs: ['setuidgid'] }) }, async (t) => {
  const scene = await stage(t)
  fs.chmodSync(scene.folder, 0o777)
  const asNobody = (): Promise<{ stderr: string }> => run(t, '/usr/bin/setuidgid', ['nobody', multilog, './a'], { cwd: scene.folder, input: 'line\n', env: { ...process.env, MULTILOG_SHARED: scene.shared } })
  const { stderr } = await asNobody()
  if (stderr.startsWith('setuidgid:')) return void t.pass('not tried', { skip: 'nobody may not reach the commands' })
  t.equal(stderr, `multilog: warning: logging alone, not in ${scene.shared}: it belongs to somebody else\n`)
  t.equal(logged(scene, 'a'), 'line\n')
  t.equal(fs.statSync(join(scene.folder, 'a/current')).uid, 65534)
  // Its own folder with our socket in it: it asks the kernel who listens.
  const own = join(scene.folder, 'own')
  fs.mkdirSync(own, { mode: 0o700 })
  fs.linkSync(join(scene.shared, 'socket'), join(own, 'socket'))
  fs.chownSync(own, 65534, 65534)
  fs.chmodSync(join(scene.shared, 'socket'), 0o777)
  const tricked = await run(t, '/usr/bin/setuidgid', ['nobody', multilog, './a'], { cwd: scene.folder, input: 'more\n', env: { ...process.env, MULTILOG_SHARED: own } })
  t.equal(tricked.stderr, `multilog: warning: logging alone, not in ${own}: Operation not permitted\n`)
  t.equal(logged(scene, 'a'), 'line\nmore\n')
})

t.test('as another account: files and processes are its own', { ...unlessAble({ root: true, ours: ['svscan', 'multilogd', 'setuidgid'] }) }, async (t) => {
  const site = new SharedSite(t, 2, { account: 'nobody' })
  await until('loggers', () => site.pidOf('s1/log') > 0 && site.pidOf('multilogd') > 0)
  await until('a log, or a reason', () => site.isShared('s1') || site.svscan.stderr !== '')
  if (/unable to run/.test(site.svscan.stderr)) return void t.pass('not tried', { skip: 'nobody may not reach the commands' })
  await site.shared()
  for (const name of ['s1/log', 's2/log', 'multilogd']) t.match(readText(`/proc/${site.pidOf(name)}/status`), /^Uid:\t65534\t65534\t65534\t65534$/m, name)
  for (const file of ['current', 'lock', 'state']) t.equal(fs.statSync(join(site.logFolder('s1'), file)).uid, 65534, file)
})

t.test('what one log waits for does not hold up another', { ...able }, async (t) => {
  const scene = await stage(t)
  const other = scene.start(['./other'])
  let number = 0
  const othersGoOn = async (): Promise<void> => {
    const line = `line ${++number}\n`
    other.write(line)
    await until('the other log goes on', () => logged(scene, 'other').endsWith(line))
  }
  await othersGoOn()

  await t.test('a processor', async (t) => {
    const logger = scene.start(['s4096', '!until [ -e ../go ]; do sleep 0.05; done; cat', './slow'])
    logger.write('x\n'.repeat(1500))
    logger.write('more\n')
    await until('the processor runs', () => fs.existsSync(join(scene.folder, 'slow/processed')))
    await othersGoOn()
    t.equal(logged(scene, 'slow').includes('more'), false)
    fs.writeFileSync(join(scene.folder, 'go'), '')
    await until('it goes on', () => logged(scene, 'slow').endsWith('more\n'))
    logger.end()
    t.match(await logger.process.ended, { code: 0, stderr: '' })
  })

  await t.test('a processor that fails, with its pause', async (t) => {
    const logger = scene.start(['s4096', '!echo oh >&2; [ -e ../better ] && cat', './failing'])
    logger.write('x\n'.repeat(1500))
    await until('the warning', () => logger.process.stderr === 'oh\nmultilog: warning: processor failed in ./failing, pausing\n')
    await othersGoOn()
    fs.writeFileSync(join(scene.folder, 'better'), '')
    logger.end()
    t.match(await logger.process.ended, { code: 0, stderr: 'oh\nmultilog: warning: processor failed in ./failing, pausing\noh\n' })
  })

  await t.test('a standard error that nobody reads', async () => {
    const fifo = join(scene.folder, 'errors')
    execFileSync('mkfifo', [fifo])
    const reader = fs.openSync(fifo, 'r+')
    const logger = scene.start(['e', './loud'], { stderr: reader })
    // The pipe of its errors takes 64 KiB, and that of its input as much.
    for (let n = 0; n < 8; n++) {
      logger.write('x'.repeat(7999) + '\n')
      logger.write('y\n'.repeat(4000))
      if (n === 2) await othersGoOn()
      await until('it has been read, or is stuck', () => logged(scene, 'loud').length > 15_000 * n || stateOf(logger.process.pid) === 'S')
    }
    await othersGoOn()
    fs.closeSync(reader)
    logger.process.signal('SIGKILL')
    await logger.process.exited
  })

  await t.test('STOP of a stand-in stops its log alone', async (t) => {
    const logger = scene.start(['./stopped'])
    logger.write('one\n')
    await until('the first line', () => logged(scene, 'stopped') === 'one\n')
    logger.process.signal('SIGSTOP')
    await until('it is stopped', () => stateOf(logger.process.pid) === 'T')
    logger.write('two\n')
    await othersGoOn()
    await othersGoOn()
    t.equal(logged(scene, 'stopped'), 'one\n')
    logger.process.signal('SIGCONT')
    await until('the second line', () => logged(scene, 'stopped') === 'one\ntwo\n')
    logger.end()
    t.match(await logger.process.ended, { code: 0, stderr: '' })
  })

  await t.test('a full disk; and TERM of multilogd waits for it', async (t) => {
    const disk = join(scene.folder, 'disk')
    fs.mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' })
    } catch {
      return void t.pass('not tried', { skip: 'only root can mount a small disk' })
    }
    t.teardown(() => execFileSync('umount', ['-l', disk]))
    const logger = scene.start(['./disk/full'])
    fs.writeFileSync(join(disk, 'filler'), Buffer.alloc(40_000))
    const text = Array.from({ length: 4000 }, (_, n) => `line ${n} ${'x'.repeat(n % 9)}\n`).join('').slice(0, 55_000) + '\n'
    logger.write(text)
    const warning = 'multilog: warning: unable to write to ./disk/full/current, pausing: out of disk space\n'
    await until('the warning', () => logger.process.stderr.startsWith(warning))
    await othersGoOn()
    scene.multilogd.signal('SIGTERM')
    await until('it says that it waits', () => scene.multilogd.stderr.includes('ending after that'))
    await othersGoOn()
    fs.rmSync(join(disk, 'filler'))
    await scene.multilogd.exited
    t.equal(scene.multilogd.exitCode, 0)
    scene.multilogd = scene.begin()
    logger.end()
    t.match(await logger.process.ended, { code: 0 })
    t.equal(readText(join(disk, 'full/current')), text)
  })

  await othersGoOn()
  other.end()
  t.match(await other.process.ended, { code: 0, stderr: '' })
})

t.test('a stand-in passes on what it is told, and says what multilog says', { ...able }, async (t) => {
  const scene = await stage(t)
  const first = scene.start(['./d'])
  first.write('one\nhal')
  await until('the line', () => logged(scene, 'd') === 'one\n')
  const second = scene.start(['./d'])
  t.match(await second.process.ended, { code: 111, stderr: 'multilog: fatal: unable to lock directory ./d: temporary failure\n' })
  first.process.signal('SIGTERM')
  await until('TERM is passed on', () => /^ShdPnd:\t0+$/m.test(readText(`/proc/${first.process.pid}/status`)) && stateOf(first.process.pid) === 'S')
  const other = scene.start(['./other'])
  other.write('line\n')
  await until('multilogd has looked around', () => logged(scene, 'other') === 'line\n')
  first.write('f\nrest\n')
  t.match(await first.process.ended, { code: 0, stderr: '' })
  t.equal(logged(scene, 'd'), 'one\nhalf\n', 'the line under way, and no more')
  fs.writeFileSync(join(scene.folder, 'file'), '')
  const third = scene.start(['./file'])
  t.match(await third.process.ended, { code: 111, stderr: 'multilog: fatal: unable to open directory ./file: not a directory\n' })
})

t.test('100 logs come and go: nothing stays open in multilogd', { ...able }, async (t) => {
  const scene = await stage(t)
  const open = (): number => openFiles(scene.multilogd.pid).size
  const play = async (index: number): Promise<void> => {
    const logger = scene.start(['t', '=./status', './d', `./file${index % 5}`])
    logger.write('line\n')
    if (index % 3 === 0) await until('a line', () => logged(scene, 'd') !== '' || logger.process.exitCode !== null)
    if (index % 2 === 0) logger.process.signal('SIGKILL')
    logger.end()
    await logger.process.exited
  }
  await play(0)
  const before = open()
  fs.writeFileSync(join(scene.folder, 'file1'), '')
  for (let index = 0; index < 100; index++) await play(index)
  await until('as many files as before', () => open() <= before, () => [...openFiles(scene.multilogd.pid).values()].join())
  t.ok(scene.multilogd.running)
  t.equal(scene.multilogd.stderr, '')
})

t.test('multilogd: what cannot be had is said', { ...able }, async (t) => {
  const scene = await stage(t)
  const end = async (...args: string[]): Promise<[number | null, string]> => {
    const { code, stderr } = await run(t, join(ours.folder, 'multilogd'), args)
    return [code, stderr]
  }
  t.strictSame(await end(scene.shared), [111, `multilogd: fatal: unable to lock ${scene.shared}/lock: temporary failure\n`])
  t.strictSame(await end(join(scene.folder, 'nothing')), [111, `multilogd: fatal: unable to open ${scene.folder}/nothing: file does not exist\n`])
  t.strictSame(await end(scene.folder), [111, `multilogd: fatal: unable to use ${scene.folder}: others may enter it\n`])
  t.strictSame(await end(), [100, 'multilogd: usage: multilogd dir\n'])
})
