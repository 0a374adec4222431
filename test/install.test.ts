/**
 * scripts/install.js: what it leaves works without the checkout, an upgrade is safe under a running svscan, --uninstall takes away what it
 * has brought and nothing else. Everything happens below --root in a scratch folder, or in a mount namespace.
 *
 * Not tested: that systemd, OpenRC and init(8) obey the unit, the script and the line; --copy-node where node is linked to libnode.so.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { build, copyBuild, fixture, isStandalone, ours, theirs, unlessAble } from './support/implementation.ts'
import { PrivateRoot, unlessPrivate } from './support/private-root.ts'
import { type Ended, isAlive, Process, run } from './support/process.ts'
import { isSupervised, readStatus } from './support/status.ts'
import { makeService, scratch } from './support/tree.ts'
import { until } from './support/until.ts'

const able = (): { skip: string | false } => unlessAble({ ours: ['svscan', 'svscanboot', 'svc', 'svstat', 'multilog', 'readproctitle', 'setuidgid'] })
t.jobs = 2

const forever = '#!/bin/sh\nexec sleep 100000\n'
const installed = '/usr/local/lib/daemontools-ts'

/** A checkout that has been built, and the image that it is installed into. */
class Site {
  readonly t: Test
  readonly checkout: string
  readonly image: string

  /** @param commands Whether they are to do their work. Otherwise a script stands for the executable, whose 100 MB are copied and digested again and again. */
  constructor(t: Test, commands: 'used' | 'unused' = 'used') {
    this.t = t
    const folder = scratch(t)
    this.checkout = join(folder, 'checkout')
    this.image = join(folder, 'image')
    const source = fixture('../..')
    fs.mkdirSync(join(this.checkout, 'scripts'), { recursive: true })
    fs.symlinkSync(join(source, 'node_modules'), join(this.checkout, 'node_modules'))
    // What is not of the runtime is installed from around the executable.
    if (isStandalone) {
      execFileSync('cp', ['-a', dirname(build), join(this.checkout, 'dist')])
      if (commands === 'unused') fs.writeFileSync(join(this.checkout, 'dist/exe/lib/node'), '#!/bin/sh\n')
    } else copyBuild(join(this.checkout, 'dist'))
    fs.copyFileSync(join(source, 'scripts', 'install.js'), join(this.checkout, 'scripts', 'install.js'))
    fs.copyFileSync(join(source, 'package.json'), join(this.checkout, 'package.json'))
    for (const name of ['etc', 'usr/local/bin', 'service']) fs.mkdirSync(join(this.image, name), { recursive: true })
    fs.writeFileSync(join(this.image, 'etc/inittab'), 'id:3:initdefault:\n')
    fs.writeFileSync(join(this.image, 'usr/local/bin/other'), 'somebody else\n')
  }

  install(...options: string[]): Promise<Ended> {
    return run(this.t, process.execPath, [join(this.checkout, 'scripts/install.js'), '--root', this.image, ...options])
  }

  /** Installs, and asserts that it worked. */
  async must(...options: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.install(...options)
    this.t.same({ code, stderr }, { code: 0, stderr: '' }, `install ${options.join(' ')}`)
    return stdout
  }

  path(name: string): string {
    return join(this.image, name)
  }

  command(name: string): string {
    return this.path(`${installed}/command/${name}`)
  }

  /** The image as one value: names, types, modes, links, contents. */
  get state(): string {
    return stateOf(this.image)
  }

  loseCheckout(): void {
    fs.rmSync(this.checkout, { recursive: true })
  }
}

function stateOf(folder: string): string {
  const lines = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map((name) => {
    const path = join(folder, name)
    const stat = fs.lstatSync(path)
    const content = stat.isSymbolicLink() ? fs.readlinkSync(path) : stat.isFile() ? createHash('sha256').update(fs.readFileSync(path)).digest('hex') : ''
    return `${name} ${stat.mode.toString(8)} ${content}`
  })
  return lines.join('\n')
}

/** The commands of a dry run, one for each step. */
function stepsOf(output: string): string[] {
  return output.match(/^.*<<'EOF'\n[^]*?^EOF$|^[^#\n].*$/gm) ?? []
}

async function up(dir: string): Promise<number> {
  return await until(`${dir} is up`, () => {
    const { pid = 0 } = readStatus(dir) ?? {}
    return isSupervised(dir) && pid !== 0 && isAlive(pid) && pid
  })
}

t.test('install: the commands work when the checkout is gone', able(), async (t) => {
  const site = new Site(t)
  await site.must()
  site.loseCheckout()
  const service = makeService(site.path('service'), 'talk', {
    run: '#!/bin/sh\necho hello\nexec sleep 100000\n',
    log: `#!/bin/sh\nexec ${site.command('multilog')} t ./main\n`,
  })
  const svscan = new Process(t, site.command('svscan'), [site.path('service')], { env: { PATH: '/bin:/usr/bin' } })
  const pid = await up(service)
  const current = join(service, 'log/main/current')
  await until('the line is in the log', () => fs.existsSync(current) && / hello\n$/.test(fs.readFileSync(current, 'latin1')), () => svscan.stderr)
  const { stdout } = await run(t, site.command('svstat'), [service])
  t.match(stdout, `up (pid ${pid})`)
  if (process.getuid!() === 0) t.same(await run(t, site.command('setuidgid'), ['nobody', 'id', '-un']), { code: 0, signal: null, stdout: 'nobody\n', stderr: '' })
  await run(t, site.command('svc'), ['-dx', service, join(service, 'log')])
  await until('it is down', () => !isAlive(pid))
})

t.test('install: no file that belongs to the image names the folder that it lies in now, or the checkout', able(), async (t) => {
  const site = new Site(t)
  await site.must('--boot', 'systemd', '--command')
  for (const name of fs.readdirSync(site.image, { recursive: true, encoding: 'utf8' })) {
    const path = site.path(name)
    const stat = fs.lstatSync(path)
    const text = stat.isSymbolicLink() ? fs.readlinkSync(path) : stat.isFile() && !name.endsWith('.node') ? fs.readFileSync(path, 'latin1') : ''
    if (text.includes(dirname(site.image))) t.fail(name)
  }
  t.equal(fs.readlinkSync(site.path('command/svc')), `${installed}/command/svc`)
  t.equal(fs.readlinkSync(site.path('usr/local/bin/svc')), `${installed}/command/svc`)
})

t.test('install --service: svscanboot watches that folder', able(), async (t) => {
  const site = new Site(t, 'unused')
  await site.must('--service', "/srv/o'clock services")
  t.match(fs.readFileSync(site.command('svscanboot'), 'latin1'), /^service='\/srv\/o'\\''clock services'$/m)
  t.equal(fs.statSync(site.path("srv/o'clock services")).isDirectory(), true)
  t.match(await site.must(), /nothing to do/, 'it is remembered')
})

t.test('install --copy-node: the runtime comes along', able(), async (t) => {
  const site = new Site(t)
  await site.must('--copy-node')
  t.equal(fs.lstatSync(site.path(`${installed}/lib/node`)).isFile(), true)
  const { stdout } = await run(t, site.command('svstat'), ['/nowhere'])
  t.equal(stdout, '/nowhere: unable to chdir: file does not exist\n')
})

t.test('uninstall leaves the tree as before, whatever started it at boot', able(), async (t) => {
  for (const boot of ['none', 'auto', 'systemd', 'openrc', 'rc.local']) {
    const site = new Site(t, 'unused')
    const before = site.state
    await site.must('--boot', boot, '--command')
    t.not(site.state, before)
    await site.must('--uninstall')
    t.equal(site.state, before, boot)
  }
})

t.test('the dry run changes nothing, and its commands do what would have been done', able(), async (t) => {
  const site = new Site(t, 'unused')
  const before = site.state
  const dry = await site.must('--boot', 'auto', '--dry-run')
  t.equal(site.state, before, 'nothing is changed')
  await site.must('--boot', 'auto')
  const after = site.state
  const dryRemoval = await site.must('--uninstall', '--dry-run')
  t.equal(site.state, after, 'nothing is removed')
  await site.must('--uninstall')
  await run(t, 'sh', ['-c', `umask 022\n${dry}`])
  t.equal(site.state, after, 'installed by hand')
  await run(t, 'sh', ['-c', dryRemoval])
  t.equal(site.state, before, 'removed by hand')
})

t.test('an installation that stopped half-way is completed by the next', able(), async (t) => {
  const site = new Site(t, 'unused')
  const before = site.state
  const steps = stepsOf(await site.must('--boot', 'auto', '--dry-run'))
  for (const count of [1, 2, 3, 10, 40, steps.length - 12, steps.length - 4, steps.length - 2]) {
    const { stderr } = await run(t, 'sh', ['-ec', ['umask 022', ...steps.slice(0, count)].join('\n')])
    t.equal(stderr, '', `${count} of ${steps.length} steps`)
    await site.must('--boot', 'auto')
    t.equal((await run(t, site.command('svstat'), [])).code, 0)
    t.equal(fs.readFileSync(site.path('etc/inittab'), 'utf8').match(/svscanboot/g)?.length, 1)
    await site.must('--uninstall')
    // But for a folder that was made before there was a manifest to name it.
    if (count <= 2) fs.rmdirSync(site.path('usr/local/lib'))
    t.equal(site.state, before, 'and removed')
  }
})

t.test('an upgrade under a running svscan: it goes on, and what is started is new', able(), async (t) => {
  const site = new Site(t)
  await site.must()
  const first = makeService(site.path('service'), 'first', { run: forever, log: '#!/bin/sh\nexec cat >lines\n' })
  const svscan = new Process(t, site.command('svscan'), [site.path('service')], { env: { PATH: '/bin:/usr/bin' } })
  const pid = await up(first)
  t.match(await site.must(), /nothing to do/, 'the same again')

  fs.appendFileSync(join(site.checkout, 'dist/command/svc'), 'newer')
  fs.rmSync(join(site.checkout, 'dist/command/tai64n'))
  fs.rmSync(join(site.checkout, 'dist/lib/tai64n.cjs'))
  const generation = fs.realpathSync(site.path(installed))
  let looks = 0
  let missing = 0
  const watch = setInterval(() => {
    looks++
    if (!fs.existsSync(site.command('svc'))) missing++
  }, 1)
  await site.must()
  clearInterval(watch)
  t.ok(looks > 100)
  t.equal(missing, 0, 'svc was there at every moment')
  t.match(fs.readFileSync(site.command('svc'), 'latin1'), /newer$/)
  t.equal(fs.existsSync(generation), false, 'the older one is gone')
  t.throws(() => fs.lstatSync(site.path('usr/local/bin/tai64n')), { code: 'ENOENT' }, 'and so is the command that is no more')

  t.equal(svscan.running, true)
  t.equal(readStatus(first)?.pid, pid, 'the service runs on')
  const second = makeService(site.path('service'), '.second', { run: forever, log: '#!/bin/sh\nexec cat >lines\n' })
  fs.symlinkSync(second, site.path('service/second'))
  await up(second)
  await up(join(second, 'log'))
  await run(t, site.command('svc'), ['-k', first])
  await until('the service is started again', () => ![0, pid].includes(readStatus(first)?.pid ?? 0))

  const refused = await site.install('--uninstall')
  t.equal(refused.code, 111)
  t.equal(refused.stderr, `install: fatal: svscan runs from here, pid ${svscan.pid}: stop it first\n`)
  svscan.signal('SIGTERM')
  await svscan.exited
  await site.must('--uninstall')
  t.throws(() => fs.lstatSync(site.path(installed)), { code: 'ENOENT' })
  t.equal(fs.existsSync(join(first, 'run')), true, 'the services stay')
})

t.test('install refuses what is not ours; --force keeps it, and uninstall brings it back', able(), async (t) => {
  const site = new Site(t, 'unused')
  fs.writeFileSync(site.path('usr/local/bin/svc'), 'another svc\n')
  fs.mkdirSync(site.path('etc/init.d'))
  fs.writeFileSync(site.path('etc/init.d/daemontools-ts'), 'another script\n')
  const before = site.state
  const { code, stderr, stdout } = await site.install('--boot', 'openrc')
  t.equal(code, 111)
  t.equal(stdout, '')
  t.equal(stderr, [
    `install: warning: ${site.path('usr/local/bin/svc')} is not ours`,
    `install: warning: ${site.path('etc/init.d/daemontools-ts')} is not ours`,
    'install: fatal: nothing was changed: 2 in the way; --force keeps each under another name (.before-daemontools-ts)\n',
  ].join('\n'))
  t.equal(site.state, before)
  await site.must('--boot', 'openrc', '--force')
  t.equal(fs.readFileSync(site.path('usr/local/bin/svc.before-daemontools-ts'), 'utf8'), 'another svc\n')
  await site.must('--uninstall')
  t.equal(site.state, before)
})

t.test('install refuses an inittab that has another SV', able(), async (t) => {
  const site = new Site(t, 'unused')
  fs.appendFileSync(site.path('etc/inittab'), 'SV:123456:respawn:/usr/bin/svscanboot\n')
  const before = site.state
  const { code, stderr } = await site.install('--boot', 'inittab')
  t.equal(code, 111)
  t.equal(stderr, `install: fatal: ${site.path('etc/inittab')} has a line of its own: SV:123456:respawn:/usr/bin/svscanboot\n`)
  t.equal(site.state, before)
})

t.test('the line in rc.local comes before its exit, through a link', able(), async (t) => {
  const site = new Site(t, 'unused')
  fs.mkdirSync(site.path('etc/rc.d'))
  fs.writeFileSync(site.path('etc/rc.d/rc.local'), '#!/bin/sh\ntouch /x\nexit 0\n', { mode: 0o755 })
  fs.symlinkSync('rc.d/rc.local', site.path('etc/rc.local'))
  const before = site.state
  await site.must('--boot', 'rc.local')
  t.equal(fs.readFileSync(site.path('etc/rc.d/rc.local'), 'utf8'), `#!/bin/sh\ntouch /x\n${installed}/command/svscanboot &\nexit 0\n`)
  t.match(await site.must(), /nothing to do/)
  await site.must('--uninstall')
  t.equal(site.state, before)
})

t.test('uninstall leaves what somebody has changed, and says so', able(), async (t) => {
  const site = new Site(t, 'unused')
  await site.must('--boot', 'systemd')
  const unit = site.path('etc/systemd/system/daemontools-ts.service')
  fs.appendFileSync(unit, '# mine\n')
  const { code, stderr } = await site.install('--uninstall')
  t.equal(code, 0)
  t.equal(stderr, `install: warning: ${unit} was changed since it was installed: left as it is\n`)
  t.match(fs.readFileSync(unit, 'utf8'), /# mine/)
  t.equal(fs.existsSync(site.path('usr/local/lib')), false)
  t.equal(fs.readFileSync(site.path('usr/local/bin/other'), 'utf8'), 'somebody else\n')
})

t.test('install refuses to stand beside another svscan on the same folder', unlessAble({ ours: ['svscan'], theirs: ['svscan'] }), async (t) => {
  const site = new Site(t, 'unused')
  const before = site.state
  for (const folder of [theirs.folder, ours.folder]) {
    const other = new Process(t, join(folder, 'svscan'), [site.path('service')])
    await until('it is there', () => /^svscan/.test(fs.readFileSync(`/proc/${other.pid}/comm`, 'latin1')) && fs.readlinkSync(`/proc/${other.pid}/cwd`) === site.path('service'))
    const { code, stderr } = await site.install()
    t.equal(code, 111)
    t.equal(stderr, `install: fatal: /service is watched by another svscan, pid ${other.pid}: stop it, or choose another folder with --service\n`)
    t.equal(site.state, before)
    other.signal('SIGKILL')
    await other.exited
  }
})

t.test('install: usage', able(), async (t) => {
  const site = new Site(t, 'unused')
  for (const options of [['--boot', 'upstart'], ['--prefix', 'relative'], ['--no-such-option'], ['operand']]) {
    const { code, stdout, stderr } = await site.install(...options)
    t.equal(code, 100, options.join(' '))
    t.equal(stdout, '')
    t.match(stderr, /install: usage: install \[ --prefix/)
  }
  const { code, stderr } = await site.install('--uninstall')
  t.equal(code, 111)
  t.equal(stderr, `install: fatal: ${site.path(installed)}/manifest: file does not exist\n`)
})

t.test('install for real, in a machine of its own: svscanboot runs the services', { skip: able().skip || unlessPrivate() }, async (t) => {
  const site = new Site(t)
  const root = await PrivateRoot.create(t)
  const install = (...options: string[]): Promise<Ended> => root.run(process.execPath, join(site.checkout, 'scripts/install.js'), '--boot', 'none', ...options)
  const { code, stderr } = await install('--command')
  t.same({ code, stderr }, { code: 0, stderr: '' })
  site.loseCheckout()
  const lasting = makeService(root.service, 'lasting', { run: '#!/bin/sh\nexec setuidgid nobody sleep 100000\n' })
  root.start(['/command/svscanboot'])
  const pid = await up(lasting)
  await until('setuidgid has done its work', () => fs.readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n')
  t.match(fs.readFileSync(`/proc/${pid}/status`, 'latin1'), /^Uid:\t(?!0)\d+\t/m)
  const environment = fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').find((entry) => entry.startsWith('PATH='))
  t.match(environment, `PATH=${installed}/command:/command:`, 'the name that upgrades keep')
  const { stdout } = await root.run('/usr/local/bin/svstat', '/service/lasting')
  t.match(stdout, `/service/lasting: up (pid ${pid})`)
})
