import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { readConfigdump } from '../src/configdump.ts'
import { type Answers, intervalFor, type KindName, kinds, quoted } from '../src/template.ts'
import { hasFetchmail } from './script.ts'

const answers: Answers = {
  server: 'pop.example.net', user: 'example', password: 'wooly "booly" \\ # \'', domain: 'example.com', recipient: 'alice', prefix: 'example-', postmaster: 'postmaster@example.com',
  smtp: 'localhost/2525', port: undefined, certificate: undefined, deliver: '/var/svc.d/fetchmail/deliver', maildir: "/home/al's 100%/Maildir",
}
const names = Object.keys(kinds) as KindName[]

/** What fetchmail understands of it. */
function dump(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'conf'), text, { mode: 0o600, encoding: 'latin1' })
  const { status, stdout, stderr } = spawnSync('fetchmail', ['--configdump', '-f', join(folder, 'conf')], { encoding: 'latin1', env: { ...process.env, HOME: folder, FETCHMAILHOME: folder, LC_ALL: 'C' } })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

t.test('every template is what fetchmail understands', { skip: !hasFetchmail && 'fetchmail is not installed' }, async (t) => {
  const folder = t.testdir({})
  for (const name of names) {
    const text = dump(folder, kinds[name].write(answers))
    const { bouncemail, postmaster, servers } = readConfigdump(text)
    t.equal(servers.length, 1, name)
    const [server] = servers
    t.match(server, { name: 'pop.example.net', protocol: name === 'apop' ? 'APOP' : name === 'imap-idle' ? 'IMAP' : 'POP3', service: name === 'apop' ? '110' : name === 'imap-idle' ? '993' : '995' }, name)
    t.match(server!.users, [{ name: 'example', hasPassword: true, ssl: name !== 'apop', keep: name === 'pop3s-keep', idle: name === 'imap-idle', localnames: ['apop', 'pop3s'].includes(name) ? ['fetchmail', '*'].slice(-1) : [/./] }].map(({ localnames: _, ...rest }) => rest), name)
    t.ok(text.includes('"password":"wooly \\"booly\\" \\\\ # \''), name)
    if (name === 'maildir') t.equal(server!.users[0]!.mda, "/var/svc.d/fetchmail/deliver '/home/al'\\''s 100%%/Maildir'")
    else t.match({ bouncemail, postmaster }, { bouncemail: false, postmaster: 'postmaster@example.com' }, name)
    t.match(dump(folder, kinds[name].write({ ...answers, port: '2995', certificate: '/etc/ca.pem' })), '"service":"2995"')
  }
})

t.test('quoted: any word is that word to fetchmail', { skip: !hasFetchmail && 'fetchmail is not installed' }, async (t) => {
  const folder = t.testdir({})
  const anyWord = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 30 })
  fc.assert(fc.property(anyWord, (word) => {
    const text = dump(folder, `poll localhost proto pop3 user ${quoted(word)} password x\n`)
    return readConfigdump(text).servers[0]!.users[0]!.name === word
  }), { numRuns: 60 })
})

t.test('quoted refuses what cannot be in a line, and leaves bytes alone', async (t) => {
  for (const text of ['a\nb', '\0', '\x7f', 'a\tb']) t.throws(() => quoted(text), { message: 'a control character' })
  t.equal(quoted('\xc3\xa4'), '"\xc3\xa4"')
})

t.test('intervalFor: IDLE connects anew soon', async (t) => {
  t.same(names.map(intervalFor), names.map((name) => (name === 'imap-idle' ? 60 : 551)))
})
