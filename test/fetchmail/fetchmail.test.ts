/**
 * The bundled service as its user has it: installed by fetchmail-service, its example configuration unchanged, under svscan, between
 * a real POP3 server and a real mail server.
 *
 * Not tested: POP3S and IMAP; the accounts that the installer makes itself (--root makes none); svscanboot; a reboot.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ours, theirs, unlessAble } from '../support/implementation.ts'
import { isAlive } from '../support/process.ts'
import { readRecord } from '../support/status.ts'
import { until } from '../support/until.ts'
import { unlessEquipped } from './support/able.ts'
import { chaptersOf } from './support/chapters.ts'
import { commandLineOf, type Facts, factsOf, parentOf } from './support/facts.ts'
import { Machine } from './support/machine.ts'
import { PostOffice } from './support/post-office.ts'
import { dayOfMail, Provider } from './support/provider.ts'
import { FetchmailService } from './support/service.ts'

const { skip } = unlessEquipped()
const able = skip === false ? unlessAble({ ours: ['svscan', 'svc', 'svok', 'svstat', 'setuidgid', 'tai64nlocal'] }) : { skip }

// fetchmail is in a second group, which setuidgid must take from it
const multilog = { uid: 64992, gid: 64991 }
const accounts = {
  passwd: [`multilog:x:${multilog.uid}:${multilog.gid}::/homeless:/usr/sbin/nologin`],
  group: [`nofiles:x:${multilog.gid}:`, 'games:x:60:fetchmail,multilog'],
}

// with `set no bouncemail` the postmaster is told what the mail server refused, and has the message
const report = 'Mail delivery failed: returning message to sender'

const wokenUp = [/^fetchmail: awakened by signal 10$/, /^fetchmail: awakened at /, /: poll started$/, /: poll completed$/]
const asleep = /^fetchmail: sleeping at .* for 551 seconds$/

t.setTimeout(150_000)
t.test('the fetchmail service, installed and run', { ...able, timeout: 150_000 }, async (t) => {
  const machine = await Machine.create(t, accounts)
  const [provider, postOffice] = await Promise.all([
    Provider.open(machine, { example: 'woolybooly', second: 'woolybooly' }),
    PostOffice.open(machine, ['alice', 'carol', 'postmaster']),
  ])
  const service = new FetchmailService(machine, join(machine.folder, 'ours'))
  const { log } = service
  const chapter = chaptersOf(t, () => service.describe())

  await chapter('fetchmail-service install: what a stranger must not read or change is not theirs', async (t) => {
    const first = await service.install()
    t.match(first, { code: 0, stderr: '' })
    const again = await service.install()
    t.match(again, { code: 0, stderr: '', stdout: /^fetchmail-service: nothing to do$/m }, 'and there is nothing to do for a second one')
    const fetchmail = accountOf(machine, 'fetchmail')
    t.strictSame(ownerAndMode(service.folder, 'run'), { uid: 0, gid: 0, mode: '755' })
    t.strictSame(ownerAndMode(service.folder, 'log/run'), { uid: 0, gid: 0, mode: '755' })
    t.strictSame(ownerAndMode(service.folder, 'fetchmail.conf'), { ...fetchmail, mode: '600' })
    t.strictSame(ownerAndMode(service.folder, 'pid'), { ...fetchmail, mode: '700' })
    t.strictSame(ownerAndMode(service.logFolder, '.'), { ...multilog, mode: '700' })
  })

  for (const message of dayOfMail) provider.receive('example', message)
  service.linkIt()
  const svscan = service.svscan()

  await chapter('the first poll: everybody has their mail', async (t) => {
    await log.shows(0, /^\*\*\* Starting fetchmail service/, /^fetchmail: starting fetchmail .* daemon$/, /: poll started$/, /^5 messages for example /, /: poll completed$/, asleep)
    await until('five messages and a report are delivered', () => postOffice.delivered === 6, () => postOffice.log)
    t.strictSame([...postOffice.inbox('alice').keys()], ['for alice', 'without Delivered-To'])
    t.strictSame([...postOffice.inbox('carol').keys()], ['for carol'])
    t.strictSame([...postOffice.inbox('postmaster').keys()], [report, 'for another domain', 'for nobody'])
    t.match(postOffice.inbox('postmaster').get(report), /nobodyhere@example\.com/)
    t.match(postOffice.inbox('postmaster').get('for another domain'), /^X-Fetchmail-Warning: recipient address mailman@other\.example\.org didn't match any local name$/m)
    t.equal(provider.holds('example'), 0, 'nothing is left at the provider')
    t.strictSame(log.since(0, /not flushed|Query status/), [])
  })

  await chapter('the process is fetchmail, and has what it would have under the C programs', async (t) => {
    const [mine, cs] = [factsOf(service.pid, service.root), await underTheirs(t, machine)]
    t.equal(mine.program, '/usr/bin/fetchmail')
    t.equal(parentOf(service.pid), svscan.pid)
    t.equal(mine.groups, String(accountOf(machine, 'fetchmail').gid), 'no group but the account\'s')
    t.strictSame(mine.environment.filter((setting) => !setting.startsWith('PATH=')), [
      'FETCHMAILHOME=~/var/svc.d/fetchmail/pid',
      'HOME=~/var/svc.d/fetchmail/pid',
      'LC_ALL=C',
      'PWD=~/var/svc.d/fetchmail',
    ])
    t.ok(mine.isInGroupOf(svscan.pid), 'its session and process group are svscan\'s')
    t.strictSame(comparable(mine), comparable(cs))
  })

  await chapter('the log is its account\'s, and its lines have stamps', async (t) => {
    const logger = factsOf(service.logger, service.root)
    t.match(commandLineOf(service.logger).join(' '), /multilog t /)
    t.equal(parentOf(service.logger), svscan.pid)
    const same = (id: number): string => Array(4).fill(id).join('\t')
    t.match(logger, { uids: same(multilog.uid), gids: same(multilog.gid), groups: String(multilog.gid), cwd: '~/var/svc.d/fetchmail/log' })
    t.strictSame(ownerAndMode(service.logFolder, '.'), { ...multilog, mode: '700' })
    t.strictSame(ownerAndMode(service.logFolder, 'current'), { ...multilog, mode: '644' })
    t.strictSame(ownerAndMode(service.logFolder, 'lock'), { ...multilog, mode: '600' })
    t.strictSame(log.stamped.filter((line) => !/^@4[0-9a-f]{23} /.test(line)), [])
    const stamps = log.stamped.map((line) => line.slice(0, 25))
    t.strictSame(stamps, [...stamps].sort(), 'in their order')
  })

  await chapter('svc -1: the mail that has come is fetched at once, by the same process', async (t) => {
    const { pid } = service
    provider.receive('example', { subject: 'just in', to: 'alice@example.com', deliveredTo: 'example-alice@example.com' })
    const start = log.end
    await succeeds(t, service.tell('svc', '-1'))
    await log.shows(start, ...wokenUp, asleep)
    await until('it is delivered', () => postOffice.inbox('alice').has('just in'))
    t.equal(service.pid, pid)
  })

  await chapter('svc -t: another process, which polls again', async (t) => {
    const { pid } = service
    provider.receive('example', { subject: 'after TERM', to: 'carol@example.com', deliveredTo: 'example-carol@example.com' })
    const start = log.end
    await succeeds(t, service.tell('svc', '-t'))
    await service.replaced(pid)
    await log.shows(start, /^fetchmail: terminated with signal 15$/, /^\*\*\* Starting/, /: poll completed$/, asleep)
    await until('it is delivered', () => postOffice.inbox('carol').has('after TERM'))
    t.equal(factsOf(service.pid, '').program, '/usr/bin/fetchmail')
    t.notOk(isAlive(pid))
  })

  await chapter('kill -9: it is back, and no stale lock is in its way', async (t) => {
    const { pid } = service
    t.ok(fs.existsSync(join(service.folder, 'pid/fetchmail.pid')))
    const start = log.end
    process.kill(pid, 'SIGKILL')
    await service.replaced(pid)
    await log.shows(start, /^\*\*\* Starting/, /: poll completed$/, asleep)
    t.strictSame(log.since(start, /stale|another|can't accept/), [])
    t.match(fs.readFileSync(join(service.folder, 'pid/fetchmail.pid'), 'latin1'), `${service.pid}\n551\n`)
  })

  await chapter('a configuration that others can read: it is not started again, and why is said; after chmod 0600 and svc -u mail flows again', async (t) => {
    fs.chmodSync(join(service.folder, 'fetchmail.conf'), 0o644)
    let start = log.end
    await succeeds(t, service.tell('svc', '-t'))
    await log.shows(start, /^File .*\/fetchmail\.conf must have no more than -rwx------ \(0700\) permissions\.$/, /^\*\*\* not started again: /)
    // pid 0 is also seen while finish still runs
    await until('it has been given up', () => readRecord<{ failed: boolean }>(service.folder)?.failed)
    const cure = `chmod 0600 ${service.folder}/fetchmail.conf && svc -u ${service.folder}`
    const reason = join(service.folder, 'supervise/reason')
    t.equal(fs.readFileSync(reason, 'utf8'), `fetchmail.conf is open to others - ${cure}\n`)
    t.match((await service.tell('svstat')).stdout, /: down \d+ seconds.*, failed\n/)

    provider.receive('example', { subject: 'after chmod', to: 'carol@example.com', deliveredTo: 'example-carol@example.com' })
    start = log.end
    t.match(await machine.run('sh', '-c', `PATH=${ours.folder}:$PATH; ${cure}`), { code: 0, stderr: '' }, 'the cure is a command')
    await log.shows(start, /^\*\*\* Starting/, /: poll completed$/, asleep)
    await until('it is delivered', () => postOffice.inbox('carol').has('after chmod'))
    t.equal(factsOf(service.pid, '').program, '/usr/bin/fetchmail')
    t.notOk(fs.existsSync(reason))
  })

  await chapter('a wrong password: the log says so, and the right one needs no restart', async (t) => {
    const { pid } = service
    provider.receive('example', { subject: 'behind the password', to: 'alice@example.com', deliveredTo: 'example-alice@example.com' })
    const right = service.configuration
    for (const [configuration, answer] of [
      [right.replace('woolybooly', 'guess'), [/^fetchmail: Authorization failure on example@pop\.example\.net$/, /^fetchmail: Query status=3 \(AUTHFAIL\)$/]],
      [right, [/ flushed$/]],
    ] as const) {
      await service.configure(configuration)
      const start = log.end
      await succeeds(t, service.tell('svc', '-1'))
      await log.shows(start, /^fetchmail: awakened by signal 10$/, /^fetchmail: restarting fetchmail \(.*fetchmail\.conf changed\)$/, ...answer, asleep)
    }
    await until('it is delivered', () => postOffice.inbox('alice').has('behind the password'))
    t.equal(service.pid, pid)
  })

  await chapter('the log through tai64nlocal', async (t) => {
    const { code, stdout } = await machine.run('sh', '-c', '"$1"/tai64nlocal <"$2"/current', 'sh', ours.folder, service.logFolder)
    t.equal(code, 0)
    const lines = stdout.split('\n').slice(0, -1)
    t.equal(lines.length, fs.readFileSync(join(service.logFolder, 'current'), 'latin1').split('\n').length - 1)
    t.strictSame(lines.filter((line) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} /.test(line)), [])
  })

  await chapter('rm, svc -dx: the service and its logger are gone, svscan is quiet', async (t) => {
    const [fetchmail, logger] = [service.pid, service.logger]
    t.match((await service.tell('svstat')).stdout, new RegExp(`: up \\(pid ${fetchmail}\\) \\d+ seconds\n`))
    await succeeds(t, service.stop())
    t.notOk(isAlive(fetchmail) || isAlive(logger), 'both are gone')
    t.equal(service.pid, 0)
    t.equal(service.logger, 0)
    t.match(await service.tell('svok'), { code: 100, stdout: '', stderr: '' })
    t.match((await service.tell('svstat')).stdout, /: supervise not running\n$/)
    svscan.signal('SIGTERM')
    t.match(await svscan.ended, { code: 0, stdout: '', stderr: '' })
    t.strictSame(machine.inhabitants.filter((pid) => fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(service.root)), [], 'nobody is left behind')
  })

  t.equal(postOffice.delivered, 10, 'each message was delivered once')
  t.equal(provider.holds('example'), 0)
})

/** Facts of the same service, with another mailbox, under Debian's svscan, supervise and setuidgid. */
async function underTheirs(t: Test, machine: Machine): Promise<Facts> {
  const service = new FetchmailService(machine, join(machine.folder, 'theirs'), theirs)
  t.match(await service.install(), { code: 0 })
  await service.configure(service.configuration.replace('user example', 'user second'))
  service.linkIt()
  const svscan = service.svscan()
  await service.log.shows(0, asleep)
  t.equal(parentOf(parentOf(service.pid)), svscan.pid)
  const facts = factsOf(service.pid, service.root)
  await service.stop()
  return facts
}

function comparable({ isInGroupOf, environment, ...rest }: Facts): object {
  return { ...rest, environment: environment.map((setting) => setting.replace(/^PATH=[^:]+/, 'PATH=COMMAND')) }
}

function accountOf(machine: Machine, name: string): { uid: number; gid: number } {
  const line = fs.readFileSync(join(machine.folder, 'passwd'), 'latin1').split('\n').find((line) => line.startsWith(`${name}:`))!
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function ownerAndMode(folder: string, name: string): { uid: number; gid: number; mode: string } {
  const { uid, gid, mode } = fs.statSync(join(folder, name))
  return { uid, gid, mode: (mode & 0o7777).toString(8) }
}

async function succeeds(t: Test, ended: ReturnType<FetchmailService['tell']>): Promise<void> {
  t.match(await ended, { code: 0, stdout: '', stderr: '' })
}
