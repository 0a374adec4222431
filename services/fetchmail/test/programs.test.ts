import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import t from 'tap'
import { findAccount, hasGroup, run } from '../src/programs.ts'
import { groupaddArguments, useraddArguments } from '../src/step.ts'

t.test('findAccount and hasGroup ask the system', async (t) => {
  t.same(findAccount('root'), { uid: 0, gid: 0 })
  t.equal(findAccount('no-such-account'), undefined)
  t.equal(hasGroup('root'), true)
  t.equal(hasGroup('no-such-group'), false)
})

t.test('run says why a program failed', async (t) => {
  t.throws(() => run('/no/such/program', []), { message: 'unable to run /no/such/program: file does not exist' })
  t.throws(() => run('sh', ['-c', 'exit 9']), { message: 'sh ended with exit status 9' })
  t.throws(() => run('sh', ['-c', 'kill -KILL $$']), { message: 'sh ended with SIGKILL' })
  run('true', [])
})

const reason =
  process.geteuid!() !== 0 ? 'only root can add accounts'
  : spawnSync('useradd', ['--help'], { encoding: 'utf8' }).stdout?.includes('--prefix') !== true ? 'this useradd has no --prefix'
  : false

t.test('groupadd and useradd understand what they are told', { skip: reason }, async (t) => {
  // --prefix: in the files below a directory, not in the machine's
  const prefix = t.testdir({ etc: { passwd: 'root:x:0:0::/root:/bin/sh\n', group: 'root:x:0:\n', shadow: '', gshadow: '', 'login.defs': '' } })
  chmodSync(prefix + '/etc/shadow', 0o600)
  for (const [program, args] of [['groupadd', groupaddArguments('nofiles')], ['useradd', useraddArguments('multilog', 'nofiles')]] as const) {
    t.match(spawnSync(program, ['--prefix', prefix, ...args], { encoding: 'utf8' }), { status: 0, stderr: '' })
  }
  const group = /^nofiles:[^:]*:(\d+):$/m.exec(readFileSync(prefix + '/etc/group', 'utf8'))![1]!
  t.match(readFileSync(prefix + '/etc/passwd', 'utf8'), new RegExp(`^multilog:x:\\d+:${group}::/homeless:/usr/sbin/nologin$`, 'm'))
})
