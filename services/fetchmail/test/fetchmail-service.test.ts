/** The command, with real files below a scratch root. Accounts are never made here: programs.test.ts. Not tested: a refusal by a full disk. */
import { spawnSync } from 'node:child_process'
import { existsSync, chmodSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { serviceFolder } from './script.ts'
import { describeTree } from './tree.ts'

const bin = fileURLToPath(new URL('../src/bin/fetchmail-service.js', import.meta.url))
const isRoot = process.geteuid!() === 0
const hasAccount = spawnSync('getent', ['passwd', 'fetchmail']).status === 0

function command(args: readonly string[], options: { cwd?: string; PATH?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: options.cwd,
    env: { PATH: options.PATH ?? process.env['PATH'] },
  })
  return { status, stdout, stderr }
}

t.test('install below a root makes the service and says how to go on', async (t) => {
  const root = realpathSync(t.testdir({}))
  const { status, stdout, stderr } = command(['install', '--root', root])
  t.equal(status, 0)
  t.equal(stderr, '')
  t.match(stdout, `# next: edit ${root}/var/svc.d/fetchmail/fetchmail.conf, then:\n# ln -s ${root}/var/svc.d/fetchmail ${root}/service/fetchmail\n`)
  const directory = root + '/var/svc.d/fetchmail'
  const modes: Record<string, number> = {
    '.': 0o755, run: 0o755, log: 0o755, 'log/run': 0o755, finish: 0o755, deliver: 0o755, env: 0o755, 'env/INTERVAL': 0o644, pid: 0o700,
    'fetchmail.conf': 0o600, 'fetchmail.conf.example': 0o644, '../../multilog': 0o755, '../../multilog/fetchmail': 0o700, '../../multilog/fetchmail-summary': 0o700,
  }
  for (const [name, mode] of Object.entries(modes)) t.equal(statSync(join(directory, name)).mode & 0o7777, mode, name)
  t.equal(readFileSync(directory + '/run', 'latin1'), readFileSync(serviceFolder + '/run', 'latin1'))
  t.match(readFileSync(directory + '/log/run', 'latin1'), ` n10 ${root}/var/multilog/fetchmail-summary\n`)
  t.equal(Object.keys(describeTree(root)).length, 16)
})

t.test('install gives its files to the accounts', { skip: !(isRoot && hasAccount) && 'needs root and the account fetchmail' }, async (t) => {
  const root = t.testdir({})
  command(['install', '--root', root])
  const owner = Number(spawnSync('id', ['-u', 'fetchmail'], { encoding: 'utf8' }).stdout)
  for (const name of ['pid', 'fetchmail.conf']) t.equal(statSync(`${root}/var/svc.d/fetchmail/${name}`).uid, owner)
  for (const name of ['.', 'run', 'log/run', 'env/INTERVAL']) t.equal(statSync(`${root}/var/svc.d/fetchmail/${name}`).uid, 0)
})

t.test('install for the second time has nothing to do', async (t) => {
  const root = t.testdir({})
  command(['install', '--root', root])
  const before = describeTree(root)
  t.match(command(['install', '--root', root]), { status: 0, stdout: /^fetchmail-service: nothing to do\n/ })
  t.same(describeTree(root), before)
})

t.test('a dry run changes nothing, and what it prints is a shell script that does the same', async (t) => {
  const top = realpathSync(t.testdir({ "by hand's": {}, "at once": {} }))
  const before = describeTree(top)
  const { stdout } = command(['install', '--dry-run', '--root', top + "/by hand's"])
  t.same(describeTree(top), before)
  const shell = spawnSync('sh', ['-e'], { input: stdout, encoding: 'utf8' })
  t.match(shell, { status: 0, stderr: '' })
  command(['install', '--root', top + '/at once'])
  // shellWord quotes both roots, each in its own way
  const normal = (root: string) => JSON.stringify(describeTree(root)).replaceAll(/'[^' ]*(?:by hand'\\\\''s|<root>)/g, "'<root>")
  t.equal(normal(top + "/by hand's"), normal(top + '/at once'))
})

t.test('install leaves a configuration alone and keeps a changed run', async (t) => {
  const root = t.testdir({ var: { 'svc.d': { fetchmail: { 'fetchmail.conf': 'poll mine\n', run: '#!/bin/sh\nmine\n', env: { INTERVAL: '60\n' }, 'run.installing': 'half of a', 'fetchmail.conf.installing': 'half of a' } } } })
  const directory = root + '/var/svc.d/fetchmail'
  chmodSync(directory + '/fetchmail.conf', 0o644)
  const { status, stdout, stderr } = command(['install', '--root', root])
  t.equal(status, 0)
  t.match(stdout, /^# .*\/run was not as delivered: kept as .*\/run\.old$/m)
  t.match(stderr, /^fetchmail-service: warning: .*fetchmail\.conf is open to others, so that fetchmail will refuse it: chmod 0600 /m)
  t.equal(readFileSync(directory + '/fetchmail.conf', 'latin1'), 'poll mine\n')
  t.equal(statSync(directory + '/fetchmail.conf').mode & 0o777, 0o644)
  t.equal(readFileSync(directory + '/env/INTERVAL', 'latin1'), '60\n')
  t.equal(readFileSync(directory + '/run.old', 'latin1'), '#!/bin/sh\nmine\n')
  t.equal(statSync(directory + '/run').mode & 0o777, 0o755)
  t.notOk(Object.keys(describeTree(root)).some((path) => path.endsWith('.installing')))
})

t.test('install --link links a service that is configured, and refuses the example', async (t) => {
  const root = realpathSync(t.testdir({}))
  const directory = root + '/var/svc.d/fetchmail'
  t.match(command(['install', '--link', '--root', root]), { status: 111, stderr: /^fetchmail-service: fatal: not linked: .* is still the example; edit it/m })
  writeFileSync(directory + '/fetchmail.conf', 'poll mine\n')
  t.match(command(['install', '--link', '--root', root]), { status: 0, stderr: '' })
  t.match(describeTree(root)['service/fetchmail'], /-> <root>\/var\/svc\.d\/fetchmail$/)
  t.match(command(['install', '--link', '--root', root]), { status: 0, stdout: 'fetchmail-service: nothing to do\n' })
  rmSync(root + '/service/fetchmail')
  symlinkSync('/elsewhere', root + '/service/fetchmail')
  t.match(command(['install', '--link', '--root', root]), { status: 111, stderr: /^fetchmail-service: fatal: unable to link .*: file already exists\n$/m })
})

t.test('a relative root is meant from the working directory', async (t) => {
  const top = t.testdir({})
  t.match(command(['install', '--root', 'x/../here'], { cwd: top }), { status: 0 })
  t.ok(statSync(top + '/here/var/svc.d/fetchmail/run').isFile())
})

t.test('what the system refuses is said in its words, and ends with 111', async (t) => {
  const top = t.testdir({ file: '' })
  t.match(command(['install', '--root', top + '/file']), { status: 111, stderr: `fetchmail-service: fatal: unable to create ${top}/file: file already exists\n` })
})

const hasNothingToSay = isRoot ? 'we are root' : existsSync('/var/svc.d/fetchmail') && 'it is installed on this machine'
t.test('install as somebody else than root says so', { skip: hasNothingToSay }, async (t) => {
  t.match(command(['install']), { status: 111, stderr: 'fetchmail-service: fatal: unable to install: only root can, or anybody with --root DIR\n' })
})

t.test('remove unlinks, stops the service and its log, and leaves every file', async (t) => {
  const root = realpathSync(t.testdir({ bin: { svc: '#!/bin/sh\necho "svc $*"\n' } }))
  chmodSync(root + '/bin/svc', 0o755)
  command(['install', '--root', root])
  const directory = root + '/var/svc.d/fetchmail'
  mkdirSync(root + '/service')
  const before = describeTree(root)
  symlinkSync(directory, root + '/service/fetchmail')
  const PATH = `${root}/bin:/usr/bin:/bin`
  const { status, stdout } = command(['remove', '--root', root], { PATH })
  t.equal(status, 0)
  t.match(stdout, `rm ${root}/service/fetchmail\nsvc -dx ${directory} ${directory}/log\nsvc -dx ${directory} ${directory}/log\n`)
  t.same(describeTree(root), before)
  t.match(command(['remove', '--root', root], { PATH }), { status: 0, stdout: 'fetchmail-service: nothing to do\n' })
})

t.test('a wrong invocation is answered with the usage, and ends with 100', async (t) => {
  for (const args of [[], ['unstall'], ['install', 'more'], ['install', '--force'], ['install', '--root'], ['remove', '--link']]) {
    t.match(command(args), { status: 100, stdout: '', stderr: /^fetchmail-service: fatal: [^\n]+\nfetchmail-service: fetchmail-service --help lists commands and options\n$/ }, args.join(' '))
  }
})
