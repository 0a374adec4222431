/** The service as the 2003 page prints it, word by word: what becomes of it today, and which words are missing. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixture, theirs, unlessAble } from '../support/implementation.ts'
import { until } from '../support/until.ts'
import { unlessEquipped } from './support/able.ts'
import { chaptersOf } from './support/chapters.ts'
import { Machine } from './support/machine.ts'
import { PostOffice } from './support/post-office.ts'
import { dayOfMail, Provider } from './support/provider.ts'
import { FetchmailService, type Placed } from './support/service.ts'

const { skip } = unlessEquipped()
const able = skip === false ? unlessAble({ ours: ['svscan', 'svc', 'svstat', 'setuidgid'] }) : { skip }

// useradd -g nofiles -d /homeless -s /nonexistent
const fetchmail = { uid: 64993, gid: 64991 }
const multilog = { uid: 64992, gid: 64991 }
const account = (name: string, { uid, gid }: typeof fetchmail): string => `${name}:x:${uid}:${gid}::/homeless:/nonexistent`

const start = /^\*\*\* Starting fetchmail service/

t.setTimeout(150_000)
t.test('the page as printed', { ...able, timeout: 150_000 }, async (t) => {
  const machine = await Machine.create(t, { passwd: [account('fetchmail', fetchmail), account('multilog', multilog)], group: ['nofiles:x:64991:'] })
  const printed = readPrinted()
  const service = new FetchmailService(machine, join(machine.folder, 'ours'))
  const { log } = service
  const chapter = chaptersOf(t, () => service.describe())

  await chapter('the C programs do not start it: there is no #!', async (t) => {
    const other = new FetchmailService(machine, join(machine.folder, 'theirs'), theirs)
    other.place(printed)
    other.linkIt()
    const svscan = other.svscan()
    const refusal = (name: string): string => `supervise: fatal: unable to start ${name}/run: exec format error\n`
    await until('supervise complains of both', () => svscan.stderr.includes(refusal('fetchmail')) && svscan.stderr.includes(refusal('log')), () => svscan.stderr)
    t.strictSame(other.log.lines, [])
    await other.stop()
  })

  service.place(printed)
  service.linkIt()
  const svscan = service.svscan()

  await chapter('ours do, but without HOME fetchmail finds no home, once a second', async (t) => {
    const homeless = /^fetchmail: Cannot find absolute path for user's home directory\.$/
    await log.shows(0, start, homeless, start, homeless, start, homeless)
    // the first line may have waited for the logger to start
    const [, second, third] = log.stamped.filter((line) => line.includes('*** Starting')).map(secondsOf)
    t.ok(third! - second! > 0.5, `${third! - second!} seconds from start to start`)
    t.match((await service.tell('svstat')).stdout, /: (up \(pid \d+\)|down) [01] seconds/)
  })

  const withHome = printed.run.replace('FETCHMAILHOME', 'HOME="$PWD/pid" FETCHMAILHOME')

  await chapter('with HOME, but without INTERVAL, fetchmail prints its usage, once a second', async () => {
    const { end } = log
    service.replaceRun(withHome)
    const usage = /option '--daemon' requires an argument$/
    await log.shows(end, start, usage, start, usage)
  })

  await chapter('with both, mail flows as the page says', async (t) => {
    const [provider, postOffice] = await Promise.all([
      Provider.open(machine, { example: 'woolybooly' }),
      PostOffice.open(machine, ['alice', 'carol', 'postmaster'], { fetchmail: 'postmaster' }),
    ])
    for (const message of dayOfMail) provider.receive('example', message)
    const { end } = log
    service.replaceRun(withHome.replace('exec 2>&1', 'INTERVAL=551\nexec 2>&1'))
    await log.shows(end, start, /^5 messages for example /, /: poll completed$/, /^fetchmail: sleeping at .* for 551 seconds$/)
    await until('five messages are delivered', () => postOffice.delivered === 5, () => postOffice.log)
    t.strictSame([...postOffice.inbox('alice').keys()], ['for alice', 'without Delivered-To'])
    t.strictSame([...postOffice.inbox('carol').keys()], ['for carol'])
    t.strictSame([...postOffice.inbox('postmaster').keys()], ['for another domain', 'for nobody'], 'no postmaster is set: this is fetchmail@localhost, an alias')
    t.equal(fs.readlinkSync(`/proc/${service.pid}/exe`), '/usr/bin/fetchmail')
    t.match(log.since(end, /bob@remote\.example\.org/).join('\n'), /^fetchmail: SMTP> RCPT TO:<bob@remote\.example\.org>$/m, 'the sender was to have a bounce')
  })

  t.equal(svscan.stderr, '')
})

function readPrinted(): Placed {
  const read = (path: string): string => fs.readFileSync(fixture(path), 'utf8')
  const run = read('../../services/fetchmail/test/fixtures/as-printed/run')
  const logRun = read('../../services/fetchmail/test/fixtures/as-printed/log-run')
  return { run, logRun, configuration: read('../fetchmail/fixtures/as-printed/fetchmail.conf'), fetchmail, multilog }
}

/** Of a line with a TAI64N stamp; the year is left out, so that a double holds the nanoseconds. */
function secondsOf(line: string): number {
  return Number.parseInt(line.slice(11, 17), 16) + Number.parseInt(line.slice(17, 25), 16) / 1e9
}
