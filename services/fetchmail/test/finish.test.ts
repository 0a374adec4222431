/** finish by itself: what it says to those who ran it, for each end. Under supervisors: test/fetchmail/finish.test.ts. */
import { chmodSync, existsSync, readFileSync, realpathSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Fixture, type Outcome, serviceFixture, serviceFolder, shells, start } from './script.ts'

const finish = join(serviceFolder, 'finish')

interface Case {
  service?: Fixture
  /** fetchmail had made its lock: it polled. */
  polled?: boolean
  runMode?: number
}

for (const shell of shells) {
  const command = shell === 'busybox' ? [shell, 'sh', finish] : [shell, finish]

  async function end(t: Test, args: readonly string[], { service = {}, polled = false, runMode = 0o755 }: Case = {}): Promise<Outcome & { reason: string | undefined; directory: string }> {
    const directory = t.testdir(serviceFixture({ run: '#!/bin/sh\n', pid: {}, ...service, supervise: { lock: '', ...(service['supervise'] as Fixture) } })) + '/service'
    chmodSync(join(directory, 'run'), runMode)
    if (!polled) utimesSync(join(directory, 'pid'), 172800, 172800) // as run does
    else utimesSync(join(directory, 'supervise/lock'), 172800, 172800)
    const outcome = await start(join(directory, '..'), [...command, ...args])
    const path = join(directory, 'supervise/reason')
    return { ...outcome, directory: realpathSync(directory), reason: existsSync(path) ? readFileSync(path, 'utf8') : undefined }
  }

  t.test(`finish under ${shell}: what nobody but a person can put right is final, with cause and cure in one line`, async (t) => {
    for (const [code, cause, cure] of [['3', /no password/, 'vi'], ['5', /does not understand/, 'vi'], ['6', /owner or mode/, 'chown'], ['12', /bsmtp/, 'vi'], ['23', /internal/, 'fetchmail-service']] as const) {
      const { status, reason, stdout, stderr, directory } = await end(t, [code, '0', 'fetchmail'])
      t.equal(status, 125, code)
      t.match(reason, cause)
      t.match(reason, new RegExp(`^[ -~]+ - ${cure} [ -~]* && svc -u ${directory}\\n$`))
      t.match(stdout, `*** not started again: ${reason}`)
      t.equal(stderr, '')
      t.notOk(existsSync(directory + '/supervise/reason.new'))
    }
  })

  t.test(`finish under ${shell}: every other end is followed by a start`, async (t) => {
    for (const args of [['0', '0'], ['1', '0'], ['2', '0'], ['4', '0'], ['9', '0'], ['10', '0'], ['11', '0'], ['13', '0'], ['256', '15'], ['256', '0'], ['-1', '9'], ['111', '0'], ['100', '0'], []]) {
      const { status, reason, stdout } = await end(t, args)
      t.same([status, reason, stdout], [0, undefined, ''], args.join(' '))
    }
  })

  t.test(`finish under ${shell}: once fetchmail polled, its status is that of the last poll, and final is nothing`, async (t) => {
    for (const code of ['3', '5', '6', '12', '23', '8']) t.match(await end(t, [code, '0'], { polled: true }), { status: 0, reason: undefined }, code)
  })

  t.test(`finish under ${shell}: what run has refused is final, in its words`, async (t) => {
    const { status, reason, directory } = await end(t, ['100', '0'], { service: { supervise: { refusal: 'a - b is - it - do this\n' } } })
    t.equal(status, 125)
    t.equal(reason, `a - b is - it - do this && svc -u ${directory}\n`)
    t.notOk(existsSync(directory + '/supervise/refusal'))
  })

  t.test(`finish under ${shell}: a run that may not be executed is final`, async (t) => {
    const { status, reason, directory } = await end(t, ['111', '0'], { runMode: 0o644 })
    t.equal(status, 125)
    t.equal(reason, `run may not be executed - chmod 0755 ${directory}/run && svc -u ${directory}\n`)
  })

  t.test(`finish under ${shell}: a stale lock goes once, and is final the second time`, async (t) => {
    for (const lock of ['', 'junk\n', '999999999\n551\n', `${process.pid}\n551\n`]) {
      const { status, stdout, directory } = await end(t, ['8', '0'], { service: { pid: { 'fetchmail.pid': lock } } })
      t.equal(status, 0)
      t.equal(stdout, '*** stale lock removed\n')
      t.notOk(existsSync(directory + '/pid/fetchmail.pid'), JSON.stringify(lock))
    }
    const again = await end(t, ['8', '0'], { service: { supervise: { unlocked: '' } } })
    t.equal(again.status, 125)
    t.match(again.reason, /^fetchmail cannot make its lock/)
    t.notOk(existsSync(again.directory + '/supervise/unlocked'), 'and after svc -u it is tried once more')
    const meanwhile = await end(t, ['2', '0'], { service: { supervise: { unlocked: '' } } })
    t.notOk(existsSync(meanwhile.directory + '/supervise/unlocked'), 'another end between the two begins anew')
  })

  t.test(`finish under ${shell} tells runit by its control, and names s6's and runit's own commands`, async (t) => {
    const runit = await end(t, ['5', '0'], { service: { supervise: { stat: 'finish, want down\n', control: '' } } })
    t.equal(readFileSync(runit.directory + '/supervise/control', 'utf8'), 'd')
    t.match(runit.reason, ` && sv up ${runit.directory}\n`)
    const s6 = await end(t, ['5', '0'], { service: { event: {} } })
    t.match(s6.reason, ` && s6-svc -u ${s6.directory}\n`)
  })
}
