import fc from 'fast-check'
import t from 'tap'
import { duration, healthOf, type Looked } from '../../src/mail/health.ts'
import { append, emptyJournal } from '../../src/mail/journal.ts'
import { message, refused, round, sleeping, stamped, start, started, wrongPassword } from './said.ts'

const up: Looked['supervision'] = { supervised: true, status: { changed: { tai: 0n, nanoseconds: 0 }, pid: 7, paused: false, want: 'up' }, record: undefined, reason: undefined }
const down = (change: Partial<Looked['supervision']>): Looked['supervision'] => ({ ...up, status: { ...up.status!, pid: 0 }, ...change })

/** So many seconds after the log began. */
function health(lines: readonly string[], after = 60, supervision = up) {
  return healthOf({ now: (start + after) * 1000, polls: append(emptyJournal, stamped(lines)).polls, supervision, interval: 551 })
}

const good = [...started, ...round([]), sleeping]
const bad = [...round(wrongPassword, '3 (AUTHFAIL)'), sleeping]
const broken = [...round(['fetchmail: connection to p:1 [127.0.0.1/1] failed: Connection refused.'], '2 (SOCKET)'), sleeping]

t.test('healthOf: ok, warning and critical, each with its reason', async (t) => {
  t.same(health(good), { level: 'ok', reasons: [] })
  t.match(health([...good, ...broken]), { level: 'warning', reasons: ['the last round failed: pop.example.net: connection refused (status 2 SOCKET)'] })
  t.match(health([...good, ...broken, ...broken, ...broken]), { level: 'critical', reasons: [/^the last 3 rounds failed/] })
  t.match(health([...good, ...bad]), { level: 'critical', reasons: [/wrong password/] }, 'a wrong password does not get right by waiting')
  t.match(health([...started, ...round(message(' not flushed', ...refused)), sleeping]), { level: 'warning', reasons: [/^of the last round's mail 1 could not be delivered: SMTP error: 550/] })
  t.match(health(started), { level: 'warning', reasons: ['no round has ended yet'] })
  t.match(health([]), { level: 'warning', reasons: ['nothing of it is in the log'] })
  t.match(health(good, 5000), { level: 'critical', reasons: [/^the next round was due \d+ min ago$/] })
  t.match(health([...started, round([])[0]!], 3000), { level: 'warning', reasons: [/^no round/, /^a round lasts for \d+ min already$/] })
  t.match(health(['*** Starting fetchmail service...', '*** fetchmail.conf is empty']), { level: 'critical', reasons: ['it waits for a person: fetchmail.conf is empty'] })
  const loop = Array<string>(4).fill('*** Starting fetchmail service...')
  t.match(health(loop, 10), { level: 'critical', reasons: ['it ends again and again, and is started again each time'] })
})

t.test('healthOf: a service that is down says why', async (t) => {
  t.match(health(good, 60, down({ supervised: false })), { level: 'critical', reasons: ['nobody supervises it'] })
  t.match(health(good, 60, down({ reason: 'x - y' })), { level: 'critical', reasons: ['it is down, and is not started again by itself: x - y'] })
  t.match(health(good, 60, down({ status: { ...up.status!, pid: 0, want: 'down' } })), { level: 'critical', reasons: ['it is down, as it was told to be'] })
})

t.test('healthOf: IDLE is healthy as long as the server says something', async (t) => {
  const idle = [...started, round([])[0]!, 'fetchmail: IMAP> A0004 IDLE']
  t.same(health(idle, 1500), { level: 'ok', reasons: [] })
  t.match(health(idle, 4000), { level: 'warning', reasons: [/^in IDLE, and the server has said nothing for/] })
})

t.test('healthOf: it never gets better by waiting', async (t) => {
  const order = ['ok', 'warning', 'critical']
  fc.assert(fc.property(fc.constantFrom(good, [...good, ...broken], started), fc.nat(20_000), fc.nat(20_000), (lines, one, other) => {
    const [early, late] = [Math.min(one, other), Math.max(one, other)].map((after) => order.indexOf(health(lines, 60 + after).level))
    return early! <= late!
  }))
  t.pass()
})

t.test('duration is short', async (t) => {
  t.same([0, 551_000, 3_600_000, 86_400_000, 400_000_000].map(duration), ['0 s', '551 s', '60 min', '24 h', '5 days'])
})
