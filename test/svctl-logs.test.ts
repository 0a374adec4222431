/** svctl logs, check and new, as a person uses them. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { House } from './support/house.ts'
import { ours, unlessAble } from './support/implementation.ts'
import { type Ended, Process, run } from './support/process.ts'
import { scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const svctl = join(ours.folder, 'svctl')
const env = { PATH: `${ours.folder}:/usr/bin:/bin`, TZ: 'UTC', TERM: 'dumb' }
const call = (t: Test, ...args: string[]): Promise<Ended> => run(t, svctl, args, { env })

/** Says a number, and the next one at each USR1. Its log is in ../NAME.log, a small one. */
const counter = '#!/bin/sh\nn=0\ntrap : USR1\nwhile :; do n=$((n+1)); echo "number $n"; sleep 1000 & wait $!; kill $!; done 2>/dev/null\n'
const logRun = (name: string): string => `#!/bin/sh\nexec multilog t s4096 n3 ../../${name}.log\n`

function send(house: House, name: string, letter: string): void {
  fs.appendFileSync(join(house.dir(name), 'supervise/control'), letter)
}

t.test('logs: services with their starts and ends, in the order of time, once each', async (t) => {
  const house = new House(t, ours, (house) => {
    for (const name of ['one', 'two']) {
      house.make(name, { run: counter, log: logRun(name) })
      house.link(name)
    }
  })
  await house.up('one', 'two', 'one/log', 'two/log')
  const lines = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await call(t, '--root', house.folder, 'logs', ...args)
    return stdout.split('\n').filter((line) => line !== '')
  }
  await until('both have spoken', () => ['one', 'two'].every((name) => house.lines(`${name}.log/current`).length === 1))
  const [pid] = await house.up('one')
  const first = await lines()
  t.equal(first.filter((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} (one|two) \| number 1$/.test(line)).length, 2)
  t.ok(first.some((line) => line.endsWith(` one * started (pid ${pid})`)), first.join('\n'))
  t.same(first, [...first].sort((a, b) => (a.slice(0, 26) < b.slice(0, 26) ? -1 : a.slice(0, 26) > b.slice(0, 26) ? 1 : 0)), 'in order')
  t.same((await lines('one', '--no-events')).map((line) => line.slice(27)), ['one | number 1'])
  t.same(await lines('one/log'), await lines('one'))
  t.same((await lines('t*', '--json', '--no-events')).map((line) => (JSON.parse(line) as { service: string }).service), ['two'])
})

t.test('logs: following, through rotations, until it is ended', async (t) => {
  const house = new House(t, ours, (house) => {
    house.make('one', { run: counter, log: logRun('one') })
    house.link('one')
  })
  await house.up('one', 'one/log')
  await until('it has spoken', () => house.lines('one.log/current').length === 1)
  const follower = new Process(t, svctl, ['--root', house.folder, 'logs', '-f', '-n', '0'], { env })
  const shown = (): string[] => follower.stdout.split('\n').filter((line) => line.includes(' | ')).map((line) => line.slice(27))
  // It begins at the end; when it has begun we see by what comes.
  let count = 1
  await until('it follows', () => {
    send(house, 'one', '1')
    count = house.lines('one.log/current').length
    return shown().length > 0
  })
  const from = Number(/number (\d+)/.exec(shown()[0]!)![1])
  for (let rotation = 0; rotation < 3; rotation++) send(house, 'one/log', 'a')
  await until('it is shown after rotations', () => {
    send(house, 'one', '1')
    return shown().length > count + 5
  })
  const numbers = shown().map((line) => Number(/number (\d+)/.exec(line)![1]))
  t.same(numbers, Array.from(numbers, (_, index) => from + index), 'none is missing, none is there twice')
  send(house, 'one', 't')
  await until('its end is shown', () => / one \* killed by SIGTERM/.test(follower.stdout), () => follower.stdout)
  t.equal(follower.running, true)
  follower.signal('SIGINT')
  await follower.exited
})

t.test('logs: what cannot be read is said', async (t) => {
  const folder = scratch(t)
  fs.mkdirSync(`${folder}/root/x`, { recursive: true })
  const log = `${folder}/log`
  fs.mkdirSync(log)
  fs.writeFileSync(`${log}/current`, 'plain\n@400000006b09c89b388ca964 \x1b[31mred\n')
  t.match(await call(t, '--root', `${folder}/root`, 'logs', 'x'), { code: 111, stderr: /warning: unable to read the log of x: it has no log\nsvctl: fatal: there is no log to read\n/ })
  t.match(await call(t, 'logs', '--dir', log, '--since', 'tomorrow'), { code: 100, stderr: /option --since needs a moment, not tomorrow/ })
  t.match(await call(t, 'logs', '--dir', log, '-n', 'x'), { code: 100 })
  t.match(await call(t, 'logs', '--dir', log, '--grep', '('), { code: 100, stderr: /needs a regular expression/ })
  const { stdout, stderr, code } = await call(t, 'logs', '--dir', log, '--dir', `${folder}/none`)
  t.same([stdout.split('\n').map((line) => line.slice(27 + log.length)), code], [[' | plain', ' | \\x1b[31mred', ''], 0])
  t.match(stderr, /none: file does not exist/)
})

t.test('check: the service directories of Debian\'s packages', unlessAble({ files: ['/etc/sv/tinydns/run', '/etc/sv/git-daemon/run'] }), async (t) => {
  const { stdout, code } = await call(t, 'check', '/etc/sv')
  t.equal(code, 0, stdout)
  t.match(stdout, /^\d+ services checked: nothing found\n$/)
})

t.test('check: the fetchmail service, but for what is yet to be done', unlessAble({ root: true, files: ['/usr/bin/fetchmail'] }), async (t) => {
  const folder = scratch(t)
  const service = join(folder, 'fetchmail')
  fs.cpSync(join(dirname(ours.folder), 'share/fetchmail'), service, { recursive: true })
  const rules = async (): Promise<string[]> => (JSON.parse((await call(t, 'check', '--json', service)).stdout) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule)
  // the account multilog is the installer's to make, as is its log
  const ofTheMachine = ['unknown-account', 'log-directory-missing', 'log-directory-owner']
  t.same((await rules()).filter((rule) => !ofTheMachine.includes(rule)), ['fetchmail-configuration'])
  const { stdout } = await run(t, '/usr/bin/id', ['-u', 'fetchmail'])
  fs.writeFileSync(`${service}/fetchmail.conf`, '', { mode: 0o600 })
  fs.chownSync(`${service}/fetchmail.conf`, Number(stdout), 0)
  t.same((await rules()).filter((rule) => !ofTheMachine.includes(rule)), [])
})

t.test('check: findings with their lines and cures', async (t) => {
  const folder = scratch(t)
  fs.mkdirSync(`${folder}/bad`)
  fs.writeFileSync(`${folder}/bad/run`, '#!/bin/sh\n\nfetchmail -d 300\n')
  const { stdout, code } = await call(t, 'check', `${folder}/bad`)
  t.equal(code, 1)
  t.match(stdout, `${folder}/bad/run:3: error: fetchmail puts itself into the background [daemonizes]\n`)
  t.match(stdout, `${folder}/bad/run: error: it is not executable [not-executable]\n`)
  t.match(stdout, `    fix: chmod +x ${folder}/bad/run\n`)
  t.match(await call(t, 'check', `${folder}/none`), { code: 111, stderr: /unable to check .*none: file does not exist/ })
})

t.test('new: what it makes passes check, runs, and is never replaced', async (t) => {
  const house = new House(t)
  fs.mkdirSync(house.elsewhere)
  const dir = join(house.elsewhere, 'ticker')
  const log = join(house.elsewhere, 'ticker.log')
  writeProgram(join(house.elsewhere, 'tick'), '#!/bin/sh\necho "tick $1"\nexec sleep 100000\n')
  const args = ['--root', house.folder, 'new', 'ticker', '--dir', dir, '--log', log, ...(process.getuid!() === 0 ? ['--log-user', 'daemon'] : []), '--', join(house.elsewhere, 'tick'), "it's me"]
  fs.chmodSync(dirname(log), 0o755)
  const made = await call(t, ...args)
  t.equal(made.code, 0, made.stderr)
  t.match(made.stdout, `next: svctl check ${dir}\n      ln -s ${dir} ${house.folder}/ticker\n`)
  const checked = await call(t, 'check', dir)
  t.equal(checked.stdout, '1 service checked: nothing found\n')
  const before = fs.readFileSync(join(dir, 'run'), 'utf8')
  t.match(await call(t, ...args), { code: 111, stderr: /is there already, and nothing is replaced/ })
  t.equal(fs.readFileSync(join(dir, 'run'), 'utf8'), before)
  house.link('ticker')
  await house.up('ticker', 'ticker/log')
  await until('its line is in the log', () => house.lines('ticker.log/current').length > 0)
  t.match(await call(t, '--root', house.folder, 'logs', 'ticker'), { code: 0, stdout: / ticker \| tick it's me\n/ })
})

t.test('new: the fetchmail service, beside an old log', unlessAble({ root: true, files: ['/usr/bin/fetchmail'] }), async (t) => {
  const folder = scratch(t)
  const dir = join(folder, 'mail')
  const log = join(folder, 'log')
  fs.mkdirSync(log, { mode: 0o700 })
  fs.writeFileSync(join(log, 'current'), 'old\n')
  const { code, stderr } = await call(t, 'new', '--from', 'fetchmail', 'mail', '--dir', dir, '--log', log, '--log-user', 'root')
  t.equal(code, 0, stderr)
  t.equal(fs.readFileSync(join(log, 'current'), 'utf8'), 'old\n')
  t.equal((await call(t, 'check', dir)).stdout, '1 service checked: nothing found\n')
  t.equal(fs.statSync(join(dir, 'fetchmail.conf')).mode & 0o777, 0o600)
  t.match(fs.readFileSync(join(dir, 'log/run'), 'utf8'), `setuidgid root multilog t ${log}\n`)
})

t.test('new: what cannot be', async (t) => {
  const folder = scratch(t)
  t.match(await call(t, 'new'), { code: 100, stderr: /new needs a name/ })
  t.match(await call(t, 'new', 'x'), { code: 100, stderr: /needs a program/ })
  t.match(await call(t, 'new', '.x', '--', 'true'), { code: 100, stderr: /no name for a service/ })
  t.match(await call(t, 'new', 'x', '--dir', `${folder}/x`, '--from', 'nothing'), { code: process.getuid!() === 0 ? 100 : 111 })
  t.same(fs.readdirSync(folder), [])
})
