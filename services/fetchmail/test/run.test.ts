import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Fixture, hasFetchmail, serviceFixture, serviceFolder, shells, start } from './script.ts'

const run = join(serviceFolder, 'run')
const healthy = { env: { INTERVAL: '551\n' }, pid: {}, supervise: {}, 'fetchmail.conf': 'poll pop.example.net\n' }

for (const shell of shells) {
  const command = shell === 'busybox' ? [shell, 'sh', run] : [shell, run]

  t.test(`run under ${shell} becomes fetchmail, with the arguments of the page`, async (t) => {
    const directory = t.testdir(serviceFixture(healthy))
    const { pid, said, stdout, stderr } = await start(directory, command)
    t.match(stdout, /^\*\*\* Starting fetchmail service\.\.\.\narg /)
    t.same(said('arg'), ['-v', '-f', './fetchmail.conf', '--nodetach', '--daemon', '551'])
    t.same(said('pid'), [String(pid)])
    t.same(said('cwd'), [realpathSync(directory + '/service')])
    t.equal(stderr, '')
    t.same(said('complaint'), ['of fetchmail'])
    t.ok(said('env').includes('LC_ALL=C'))
  })

  t.test(`run under ${shell} makes its environment right whatever it inherits`, async (t) => {
    const directory = t.testdir(serviceFixture(healthy))
    const { said } = await start(directory, command, { HOME: '/homeless', FETCHMAILHOME: '/x', QMAILINJECT: 'c', NULLMAILER_FLAGS: 'f', LC_ALL: 'de_DE.UTF-8', INTERVAL: '7' })
    const home = realpathSync(directory + '/service') + '/pid'
    t.equal(said('arg').at(-1), '551')
    t.ok(said('env').includes('HOME=' + home))
    t.ok(said('env').includes('FETCHMAILHOME=' + home))
    t.ok(said('env').includes('LC_ALL=C'))
    t.notOk(said('env').some((entry) => /^(QMAILINJECT|NULLMAILER_FLAGS)=/.test(entry)))
  })

  t.test(`run under ${shell} takes a whole number of seconds and nothing else`, async (t) => {
    for (const text of ['551\n', '551', ' 551  \n', '1\n', '999999999\n', '551\nsecond line\n']) {
      const directory = t.testdir(serviceFixture({ ...healthy, env: { INTERVAL: text } }))
      t.equal((await start(directory, command)).said('arg').at(-1), text.trim().split('\n')[0], JSON.stringify(text))
    }
    for (const text of ['', '\n', '0\n', '-5\n', 'abc\n', '1.5\n', '551x\n', '00551\n', '0x10\n', '5 51\n', '+551\n', '551\r\n', '*\n', '1000000000\n', undefined]) {
      const directory = t.testdir(serviceFixture({ ...healthy, env: text === undefined ? {} : { INTERVAL: text } }))
      const { stdout, stderr, said, status } = await start(directory, command)
      t.match(stdout, /\*\*\* env\/INTERVAL must hold seconds: .*\n\*\*\* to cure that: echo 551 >\/.*\/env\/INTERVAL\n$/s, JSON.stringify(text))
      t.same(said('arg'), [])
      t.equal(stderr, '')
      t.equal(status, 100)
    }
  })

  t.test(`run under ${shell} says what is missing, for finish too, and ends with 100`, async (t) => {
    const without = (name: keyof typeof healthy): Fixture => Object.fromEntries<Fixture | string>(Object.entries(healthy).filter(([key]) => key !== name))
    const cases: [Fixture, NodeJS.ProcessEnv, RegExp][] = [
      [without('fetchmail.conf'), {}, /\*\*\* fetchmail\.conf is missing or empty/],
      [{ ...healthy, 'fetchmail.conf': '' }, {}, /\*\*\* fetchmail\.conf is missing or empty/],
      [without('pid'), {}, /\*\*\* the directory pid is missing/],
      [healthy, { ACCOUNT: 'nobody' }, /setuidgid: fatal: unknown account fetchmail\n\*\*\* there is no account fetchmail\n/],
      [healthy, { TRIAL: '5', SAYS: 'fetchmail:/x/fetchmail.conf:2: syntax error at protto' }, /syntax error\n\*\*\* fetchmail does not understand fetchmail\.conf:2: syntax error\n/],
      [healthy, { TRIAL: '6', SAYS: 'File /x must be owned by you.' }, /\*\*\* fetchmail\.conf does not belong to fetchmail\n/],
      [healthy, { TRIAL: '6', SAYS: 'File /x must have no more than -rwx' }, /\*\*\* fetchmail\.conf is open to others\n/],
      [healthy, { TRIAL: '127' }, /\*\*\* fetchmail is not installed/],
      [healthy, { TRIAL: '5', SAYS: 'fetchmail: some other complaint' }, /some other complaint\n\*\*\* fetchmail cannot start \(exit status 5\)/],
    ]
    for (const [service, environment, expected] of cases) {
      const directory = t.testdir(serviceFixture(service))
      const { stdout, said, status } = await start(directory, command, environment)
      t.match(stdout, expected)
      t.same(said('arg'), [])
      t.equal(status, 100)
      const refusal = readFileSync(directory + '/service/supervise/refusal', 'utf8')
      t.match(refusal, /^[ -~]+ - [ -~]+\n$/)
      t.ok(stdout.endsWith(`*** ${refusal.replace(' - ', '\n*** to cure that: ')}`), refusal)
    }
  })

  t.test(`run under ${shell} waits where nobody has taken its last refusal away: there is no finish`, async (t) => {
    const waits = /\n\*\*\* waiting 60 seconds; svc -t tries again at once\nwould sleep 60\n$/
    const ill = { ...healthy, env: { INTERVAL: '0\n' } }
    t.match((await start(t.testdir(serviceFixture({ ...ill, supervise: { refusal: 'x - y\n' } })), command)).stdout, waits)
    const { supervise, ...unsupervised } = ill
    t.match((await start(t.testdir(serviceFixture(unsupervised)), command)).stdout, waits, 'by hand')
    const directory = t.testdir(serviceFixture({ ...healthy, supervise: { refusal: 'x - y\n', reason: 'x - y\n' } }))
    t.equal((await start(directory, command)).said('arg').length, 6)
    t.notOk(existsSync(directory + '/service/supervise/refusal') || existsSync(directory + '/service/supervise/reason'), 'all is well again')
  })

  t.test(`run under ${shell} puts no password into what it says of the configuration`, async (t) => {
    const directory = t.testdir(serviceFixture(healthy))
    const { stdout } = await start(directory, command, { TRIAL: '5', SAYS: 'fetchmail:/x/fetchmail.conf:2: syntax error at woolybooly' })
    t.notMatch(stdout + readFileSync(directory + '/service/supervise/refusal', 'utf8'), /woolybooly/)
  })

  t.test(`run under ${shell} lets the reason be one line of text, whatever INTERVAL holds`, async (t) => {
    const directory = t.testdir(serviceFixture({ ...healthy, env: { INTERVAL: '5\u00e45\u001b[31m\n' } }))
    await start(directory, command)
    t.match(readFileSync(directory + '/service/supervise/refusal', 'utf8'), /^[ -~]+\n$/)
  })

  t.test(`run under ${shell} does not let the trial print the password`, async (t) => {
    for (const TRIAL of ['0', '6']) {
      const { stdout, stderr } = await start(t.testdir(serviceFixture(healthy)), command, { TRIAL, SAYS: 'refused' })
      t.notMatch(stdout + stderr, /woolybooly/)
    }
  })

  t.test(`run under ${shell} removes a stale pid file, even one that names a living process`, async (t) => {
    for (const text of ['', 'junk\n', '999999999\n551\n', `${process.pid}\n551\n`]) {
      const directory = t.testdir(serviceFixture({ ...healthy, pid: { 'fetchmail.pid': text } }))
      const { stdout, said } = await start(directory, command)
      t.equal(said('arg').length, 6, JSON.stringify(text))
      t.notMatch(stdout, /stale pid file/)
    }
  })

  t.test(`run under ${shell} does not start a second fetchmail beside one that lost its supervise`, async (t) => {
    const directory = t.testdir({ ...serviceFixture(healthy), orphan: { fetchmail: '#!/bin/sh\nread x\n' } })
    chmodSync(directory + '/orphan/fetchmail', 0o755)
    // the kernel names a process after the script that it runs
    const orphan = spawn(directory + '/orphan/fetchmail', { cwd: directory + '/service', stdio: ['pipe', 'ignore', 'ignore'] })
    const ended = new Promise((resolve) => orphan.on('close', resolve))
    writeFileSync(directory + '/service/pid/fetchmail.pid', `${orphan.pid}\n551\n`)
    const { stdout } = await start(directory, command)
    t.match(stdout, new RegExp(`\\*\\*\\* an earlier fetchmail of this service still runs, unsupervised\\n\\*\\*\\* to cure that: kill ${orphan.pid}\\n`))
    t.ok(existsSync(directory + '/service/pid/fetchmail.pid'))
    orphan.stdin!.end()
    await ended
    t.equal((await start(directory, command)).said('arg').length, 6)
  })
}

t.test('run hands on what fetchmail itself finds wrong', { skip: !hasFetchmail && 'fetchmail is not installed' }, async (t) => {
  const conf = 'poll pop.example.net proto apop\n user example with pass woolybooly\n'
  const cases: [string, number, RegExp][] = [
    [conf, 0o644, /must have no more than -rwx------ \(0700\) permissions\.\n\*\*\* fetchmail\.conf is open to others\n/],
    [conf.replace('proto', 'protto'), 0o600, /:1: syntax error\n\*\*\* fetchmail does not understand fetchmail\.conf:1: syntax error\n/],
  ]
  for (const [text, mode, expected] of cases) {
    const directory = t.testdir(serviceFixture({ ...healthy, 'fetchmail.conf': text }, ['fetchmail']))
    chmodSync(directory + '/service/fetchmail.conf', mode)
    const { stdout } = await start(directory, ['sh', run])
    t.match(stdout, expected)
    t.notMatch(stdout, /woolybooly/)
  }
})

t.test('the example is what fetchmail understands', { skip: !hasFetchmail && 'fetchmail is not installed' }, async (t) => {
  const example = readFileSync(join(serviceFolder, 'fetchmail.conf.example'), 'latin1')
  const variants = { apop: example, pop3s: uncomment(example) }
  for (const [name, text] of Object.entries(variants)) {
    const directory = t.testdir(serviceFixture({ ...healthy, 'fetchmail.conf': text }, ['fetchmail']))
    chmodSync(directory + '/service/fetchmail.conf', 0o600)
    const { status, stdout, stderr } = await start(directory, ['fetchmail', '--configdump', '-f', './fetchmail.conf'], { HOME: directory })
    t.equal(status, 0, name + stderr)
    const expected = [
      ["'bouncemail'", 'FALSE'], ["'spambounce'", 'FALSE'], ['"postmaster"', "\"postmaster@example.com\""], ['"pollname"', '"pop.example.net"'],
      ["'timeout'", '71'], ['"envelope"', '"Delivered-To"'], ['"qvirtual"', '"example-"'], ['"remote"', '"example"'], ['"password"', '"woolybooly"'],
      ["'fetchall'", 'TRUE'], ["'forcecr'", 'TRUE'], ["'expunge'", '10'], ['"smtpaddress"', '"example.com"'],
      ...(name === 'apop' ? [['"protocol"', '"APOP"'], ['"service"', '"110"'], ["'ssl'", 'FALSE']] : [['"protocol"', '"POP3"'], ['"service"', '"995"'], ["'ssl'", 'TRUE']]),
    ]
    for (const [key, value] of expected) t.ok(stdout.includes(`${key}:${value},`), `${name} ${key}:${value}`)
  }
})

t.test('the scripts say which shell they are for, may be run, and are right by their syntax', async (t) => {
  for (const name of ['run', 'finish', 'log/run']) {
    const path = join(serviceFolder, name)
    t.match(readFileSync(path, 'latin1'), /^#!\/bin\/sh\n/)
    t.equal(statSync(path).mode & 0o777, 0o755)
    for (const shell of shells) {
      const { status, stderr } = await start(t.testdir(serviceFixture(healthy)), [shell, ...(shell === 'busybox' ? ['sh'] : []), '-n', path])
      t.equal(status, 0, stderr)
    }
  }
})

t.test('log/run becomes multilog as the account multilog', async (t) => {
  const directory = t.testdir(serviceFixture({}))
  const fake = '#!/bin/sh\nprintf "arg %s\\n" "$@"\necho "pid $$"\n'
  writeFileSync(directory + '/bin/multilog', fake, { mode: 0o755 })
  const { pid, said } = await start(directory, ['sh', join(serviceFolder, 'log/run')], { ACCOUNT: 'multilog' })
  const words = said('arg')
  t.equal(words[0], 't')
  t.same(words.filter((word) => word.startsWith('/')), ['/var/multilog/fetchmail', '/var/multilog/fetchmail-summary'])
  t.same(said('pid'), [String(pid)])
})

/** The example with its commented variant in place of the other. */
function uncomment(example: string): string {
  const variant = example.slice(example.indexOf('# poll')).replaceAll(/^# /gm, '')
  return example.slice(0, example.indexOf('\npoll ')) + '\n' + variant
}
