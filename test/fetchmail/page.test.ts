/**
 * What the 2003 page says of fetchmail, or leaves out, and is otherwise today: docs/fetchmail.md, "What the page said". fetchmail itself, by hand, with
 * servers of our own on ports of loopback.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { unlessAble } from '../support/implementation.ts'
import { until } from '../support/until.ts'
import { makeCertificates } from './support/certificates.ts'
import { House } from './support/house.ts'

const able = unlessAble({ files: ['/usr/bin/fetchmail', '/usr/bin/openssl'] })
const skip = able.skip

t.test('APOP hides the password and nothing else: sslcertck and sslproto do not encrypt it', { skip }, async (t) => {
  const house = new House(t)
  house.messages = [house.message(1)]
  const pop = await house.pop()
  const fetchmail = house.start(`poll localhost proto apop service ${pop.port}\n user example password woolybooly sslcertck sslproto 'tls1.2+' is alice here fetchall mda "cat >>${house.folder}/inbox"`)
  await until('it sleeps', () => fetchmail.sleeps() === 1, () => fetchmail.said())
  t.match(pop.heard, /^APOP example [0-9a-f]{32}$/m)
  t.notMatch(pop.heard, /STLS/)
  t.notMatch(pop.heard, /woolybooly/)
  t.match(pop.told, /^Subject: secret 1\r?$/m, 'the mail went over the net in clear')
})

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  t.test(`USR1 does not make fetchmail take up its TLS session again, with ${version}; others can`, { skip }, async (t) => {
    const house = new House(t)
    const certificates = makeCertificates(join(house.folder, 'certificates'))
    const pop = await house.popOverTls(certificates, version)
    const fetchmail = house.start(`poll localhost proto apop service ${pop.port}\n user example password woolybooly ssl no sslcertck is alice here mda "cat >>${house.folder}/inbox"`)
    for (let polls = 1; polls <= 3; polls++) {
      await until(`poll ${polls} is over`, () => fetchmail.sleeps() === polls, () => fetchmail.said())
      if (polls < 3) fetchmail.signal('SIGUSR1')
    }
    t.strictSame(pop.reused, [false, false, false])
    const session = await pop.sessionOfAnother()
    await pop.sessionOfAnother(session)
    t.strictSame(pop.reused.slice(3), [false, true], 'the server would have let it')
  })
}

t.test('TERM in the middle of a poll: what was fetched comes again', { skip }, async (t) => {
  const house = new House(t)
  house.messages = [1, 2, 3, 4, 5].map((number) => house.message(number))
  const pop = await house.pop()
  pop.holdBefore = 4
  const conf = `poll localhost proto apop service ${pop.port}\n user example password woolybooly is alice here fetchall mda "cat >>${house.folder}/inbox"`
  const first = house.start(conf)
  await until('the fourth is asked for', () => /^RETR 4$/m.test(pop.heard), () => first.said())
  first.signal('SIGTERM')
  await first.exited
  pop.holdBefore = undefined
  const second = house.start(conf)
  await until('it sleeps', () => second.sleeps() === 1, () => second.said())
  const subjects = fs.readFileSync(join(house.folder, 'inbox'), 'latin1').match(/^Subject: .*$/gm)
  t.equal(subjects?.length, 8, 'three, and all five')
})

for (const signal of ['SIGHUP', 'SIGUSR2'] as const) {
  t.test(`${signal} kills fetchmail, and its lock stays`, { skip: skip || (process.getuid!() !== 0 && 'needs root, for the account of another') }, async (t) => {
    const house = new House(t, 'fetchmail')
    const pop = await house.pop()
    const fetchmail = house.start(`poll localhost proto apop service ${pop.port}\n user example password woolybooly is alice here mda "cat >>${house.folder}/inbox"`)
    await until('it sleeps', () => fetchmail.sleeps() === 1, () => fetchmail.said())
    fetchmail.signal(signal)
    t.match(await fetchmail.ended, { signal })
    t.ok(fs.existsSync(join(house.folder, 'fetchmail.pid')) || fs.existsSync(join(house.folder, '.fetchmail.pid')))
  })
}
