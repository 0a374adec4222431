/**
 * fetchmail-service in the hands of its user: the script of docs/fetchmail.md from an empty machine to the first mail, then poll, status, reload,
 * restart and dry-run, with dovecot and OpenSMTPD; the two logs, and that no digest is in either; IDLE.
 *
 * Not tested: the accounts that install makes without --root; a provider on the internet.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixture, ours, unlessAble } from '../support/implementation.ts'
import type { Ended } from '../support/process.ts'
import { readStatus } from '../support/status.ts'
import { writeProgram } from '../support/tree.ts'
import { until } from '../support/until.ts'
import { unlessEquipped } from './support/able.ts'
import { makeCertificates } from './support/certificates.ts'
import { chaptersOf } from './support/chapters.ts'
import { Log } from './support/log.ts'
import { Machine } from './support/machine.ts'
import { PostOffice } from './support/post-office.ts'
import { Provider } from './support/provider.ts'

const { skip } = unlessEquipped()
const able = skip === false ? unlessAble({ ours: ['svscan', 'svc', 'setuidgid', 'fetchmail-service'], files: ['/usr/bin/openssl', '/usr/bin/script', '/usr/lib/dovecot/imap'] }) : { skip }
const accounts = { passwd: ['multilog:x:64992:64991::/homeless:/usr/sbin/nologin'], group: ['nofiles:x:64991:'] }
const users = { example: 'woolybooly', cram: 'woolybooly', second: 'woolybooly', slow: 'woolybooly' }

t.setTimeout(300_000)
t.test('fetchmail-service cares for the service', { ...able, timeout: 300_000 }, async (t) => {
  const machine = await Machine.create(t, accounts)
  const certificates = makeCertificates(join(machine.folder, 'certificates'))
  const [provider, postOffice] = await Promise.all([Provider.open(machine, users, certificates), PostOffice.open(machine, ['alice', 'carol', 'postmaster'])])
  // the authorities of this machine are ours, and no others
  await machine.run('sh', '-ec', 'mount -t tmpfs tmpfs /etc/ssl/certs; cp "$1" /etc/ssl/certs/authority.pem; openssl rehash /etc/ssl/certs', 'sh', certificates.authority)

  const root = join(machine.folder, 'root')
  fs.mkdirSync(join(root, 'service'), { recursive: true })
  const bin = join(machine.folder, 'bin')
  fs.mkdirSync(bin)
  writeProgram(join(bin, 'fetchmail-service'), `#!/bin/sh\nexec ${ours.folder}/fetchmail-service "$@" --root ${root}\n`)
  const PATH = `${bin}:${ours.folder}:/usr/sbin:/usr/bin:/sbin:/bin`
  const svscan = machine.start('env', '-i', `PATH=${PATH}`, 'svscan', join(root, 'service'))
  const type = (script: string): Promise<Ended> => machine.run('env', '-i', `PATH=${PATH}`, `HOME=${machine.folder}`, 'sh', '-ec', `cd ${machine.folder}\n${script}`)
  const directory = join(root, 'var/svc.d/fetchmail')
  const log = new Log(join(root, 'var/multilog/fetchmail'))
  const summary = new Log(join(root, 'var/multilog/fetchmail-summary'))
  const chapter = chaptersOf(t, () => [svscan.stderr, ...log.lines.slice(-60)].join('\n'))
  const forAlice = (subject: string): Parameters<Provider['receive']>[1] => ({ subject, to: 'alice@example.com', deliveredTo: 'example-alice@example.com' })
  const pidOf = (name = 'fetchmail'): number => readStatus(join(root, 'var/svc.d', name))?.pid ?? 0

  await chapter('from an empty machine to the first mail, as docs/fetchmail.md has it', async (t) => {
    const [setting, ...script] = newcomersScript()
    t.match(setting, /^install -m 0600 /, 'the first line makes the file of the password')
    provider.receive('example', forAlice('first mail'))
    t.match(await type(`${setting}\necho woolybooly >secret`), { code: 0 })
    for (const line of script) {
      const ended = await type(line)
      t.match(ended, { code: 0, stderr: '' }, `${line}: ${ended.stdout}${ended.stderr}`)
      t.notMatch(ended.stdout, /woolybooly/)
      if (line.includes(' poll')) t.match(ended.stdout, /^\d delivered\n/)
      if (line.includes(' doctor')) t.equal(ended.stdout, 'all is well\n')
      if (line.includes(' status')) t.match(ended.stdout, /^ok\nnow +sleeping for .*\nlast good poll +\d+ s ago .*\nnext poll +in \d+ s\nfailed rounds +0\nmail +1 delivered, 0 kept, 0 refused, in this log\ninterval +551 s\n$/)
    }
    await until('it is delivered', () => postOffice.inbox('alice').has('first mail'))
    const { uid, mode } = fs.statSync(join(directory, 'fetchmail.conf'))
    t.equal(mode & 0o7777, 0o600)
    t.not(uid, 0)
  })

  await chapter('the summary tells who has mail, and nothing of the conversation', async (t) => {
    t.ok(summary.lines.some((line) => line === 'fetchmail: SMTP> RCPT TO:<alice@example.com>'))
    t.ok(summary.lines.some((line) => / flushed$/.test(line)))
    t.ok(summary.lines.some((line) => /^1 message for example at pop\.example\.net/.test(line)))
    t.strictSame(summary.lines.filter((line) => /POP3|SMTP<|poll (started|completed)|sleeping|Trying|CommonName/.test(line)), [])
    t.ok(summary.lines.length < log.lines.length / 4)
    for (const folder of ['fetchmail', 'fetchmail-summary']) t.equal(fs.statSync(join(root, 'var/multilog', folder)).mode & 0o7777, 0o700)
  })

  await chapter('poll: what has come is fetched, and what went wrong is named', async (t) => {
    const { pid } = readStatus(directory)!
    provider.receive('example', forAlice('second'))
    t.match(await type('fetchmail-service poll'), { code: 0, stdout: '1 delivered\n' })
    t.match(await type('fetchmail-service poll'), { code: 0, stdout: '0 delivered\n' })
    t.equal(pidOf(), pid, 'by the same process')
    provider.receive('example', { subject: 'refused', to: 'x@example.com', deliveredTo: 'example-alice@example.com' })
    await postOffice.closed(async () => {
      const { code, stdout } = await type('fetchmail-service poll')
      t.equal(code, 1)
      t.match(stdout, /^0 delivered\nfailed: pop\.example\.net: mail server down \(status 10 SMTP\): SMTP connect to localhost failed\n$/)
      const status = await type('fetchmail-service status')
      t.match(status, { code: 1, stdout: /^warning: the last round failed: pop\.example\.net: mail server down \(status 10 SMTP\)\n/ })
    })
    t.match(await type('fetchmail-service poll'), { code: 0, stdout: '1 delivered\n' })
    t.match(await type('fetchmail-service health --json'), { code: 0, stdout: /"level": "ok"/ })
  })

  await chapter('poll, while a poll is under way: its signal would be lost, so it comes after', async (t) => {
    const start = log.end
    const polls = await Promise.all([type('fetchmail-service poll'), type('fetchmail-service poll'), type('fetchmail-service poll')])
    for (const ended of polls) t.match(ended, { code: 0, stdout: '0 delivered\n' })
    t.ok(log.since(start, /poll started$/).length >= 1)
  })

  await chapter('dry-run says what waits, and fetches nothing', async (t) => {
    // down: a poll that was asked for above may still be coming
    t.match(await type(`svc -d ${directory}`), { code: 0 })
    await until('it is down', () => pidOf() === 0)
    provider.receive('example', forAlice('waits'))
    t.match(await type('fetchmail-service dry-run'), { code: 0, stdout: /^1 message for example at pop\.example\.net \(\d+ octets\)\n$/ })
    t.equal(provider.holds('example'), 1)
    t.notOk(postOffice.inbox('alice').has('waits'))
    const verbose = await type('fetchmail-service dry-run --verbose')
    t.match(verbose.stdout, /POP3> AUTH CRAM-MD5/)
    t.notMatch(verbose.stdout, /POP3> [\w+/]{20,}|POP3< \+ |woolybooly/)
    t.match(await type('fetchmail-service restart'), { code: 0, stdout: /^started: fetchmail is process \d+\n$/ }, 'and what is down is started')
    await until('what waited is delivered', () => postOffice.inbox('alice').has('waits'))
  })

  await chapter('reload: what fetchmail would not understand never reaches it', async (t) => {
    const { pid } = readStatus(directory)!
    const conf = join(directory, 'fetchmail.conf')
    const right = fs.readFileSync(conf, 'utf8')
    fs.writeFileSync(conf, right.replace('proto', 'protto'))
    t.match(await type('fetchmail-service reload'), { code: 111, stderr: /^fetchmail-service: fatal: fetchmail refuses the configuration: .*fetchmail\.conf:8: syntax error at protto\nfetchmail-service: nothing was restarted/ })
    fs.writeFileSync(conf, right)
    fs.chmodSync(conf, 0o640)
    t.match(await type('fetchmail-service reload'), { code: 111, stderr: /must have no more than/ })
    fs.chmodSync(conf, 0o600)
    t.equal(pidOf(), pid, 'the same process goes on')
    t.match(await type('fetchmail-service reload'), { code: 0, stdout: /^restarted: fetchmail is process \d+\n$/ })
    t.not(pidOf(), pid)
  })

  await chapter('reload: what has given up is started, once it is right', async (t) => {
    const conf = join(directory, 'fetchmail.conf')
    const right = fs.readFileSync(conf, 'utf8')
    fs.writeFileSync(conf, right.replace('proto', 'protto'))
    t.match(await type(`svc -t ${directory}`), { code: 0 })
    await until('it gives up', () => fs.existsSync(join(directory, 'supervise/reason')) && pidOf() === 0)
    t.match(await type('fetchmail-service poll'), { code: 111, stderr: /^fetchmail-service: fatal: the service is down: fetchmail does not understand fetchmail\.conf:8: syntax error - vi / })
    t.match(await type('fetchmail-service status'), { code: 2, stdout: /^critical: it is down, and is not started again by itself: fetchmail does not understand/ })
    fs.writeFileSync(conf, right)
    t.match(await type('fetchmail-service reload'), { code: 0, stdout: /^started: fetchmail is process \d+\n$/ })
    t.match(await type('fetchmail-service poll'), { code: 0 })
    t.notMatch(log.lines.join('\n') + summary.lines.join('\n'), /protto/, 'the word that was not understood may be a password')
  })

  await chapter('restart in the middle of a poll waits for its end: nothing comes twice', async (t) => {
    const { delivered } = postOffice
    const secret = join(machine.folder, 'slow.mjs')
    fs.writeFileSync(secret, slowServer)
    const server = machine.start(process.execPath, secret)
    await machine.listening(2113, server)
    t.match(await type('fetchmail-service install --instance slow --template apop --server pop.example.net --user example --domain example.com --password-file secret --port 2113 --link'), { code: 0 })
    const slow = new Log(join(root, 'var/multilog/fetchmail@slow'))
    await slow.shows(0, /^reading message /)
    const before = pidOf('fetchmail@slow')
    t.match(await type('fetchmail-service restart --instance slow'), { code: 0, stdout: /^restarted: / })
    t.not(pidOf('fetchmail@slow'), before)
    t.equal(slow.since(0, / flushed$/).length, 5)
    t.equal(postOffice.delivered - delivered, 5, 'five messages, five deliveries')
    await slow.shows(0, /terminated with signal 15$/, /: poll completed$/)
    t.equal(postOffice.delivered - delivered, 5)
    t.match(await type('fetchmail-service remove --instance slow'), { code: 0 })
  })

  await chapter('APOP and CRAM-MD5: neither digest nor answer is in a log', async (t) => {
    for (const [instance, user, words] of [['apop', 'second', ''], ['cram', 'cram', ' auth cram-md5'], ['imap', 'cram', ' auth cram-md5']] as const) {
      const template = instance === 'imap' ? 'imap-idle --recipient alice' : instance === 'apop' ? 'apop' : 'pop3s'
      t.match(await type(`fetchmail-service install --instance ${instance} --template ${template} --server pop.example.net --user ${user} --domain example.com --password-file secret`), { code: 0 })
      const conf = join(root, `var/svc.d/fetchmail@${instance}/fetchmail.conf`)
      fs.writeFileSync(conf, fs.readFileSync(conf, 'utf8').replace(/ service \d+/, (service) => service + words))
      fs.symlinkSync(join(root, `var/svc.d/fetchmail@${instance}`), join(root, `service/fetchmail@${instance}`))
      const own = new Log(join(root, `var/multilog/fetchmail@${instance}`))
      await own.shows(0, ...(instance === 'imap' ? [/AUTHENTICATE CRAM-MD5$/, /IMAP> A\d+ IDLE$/] : [/Logged in\.$/, /sleeping at/]))
      const all = [...own.lines, ...new Log(join(root, `var/multilog/fetchmail@${instance}-summary`)).lines].join('\n')
      t.notMatch(all, /APOP second|[0-9a-f]{32}|POP3> [\w+/]{20,}|IMAP> [\w+/]{20,}|(?:POP3|IMAP)< \+ [\w+/]{20,}|woolybooly/, instance)
      t.match(all, /:( poll started|.*IDLE)/)
    }
  })

  await chapter('in IDLE: mail comes by itself, and status, poll and restart know', async (t) => {
    const own = new Log(join(root, 'var/multilog/fetchmail@imap'))
    t.match(await type('fetchmail-service status --instance imap'), { code: 0, stdout: /^ok\nnow +waiting in IDLE for .*\nlast good poll .*\nnext poll +when the server says that there is mail\n/ })
    t.match(await type('fetchmail-service poll --instance imap'), { code: 0, stdout: /^fetchmail waits in IDLE/ })
    t.match(await type('fetchmail-service doctor --instance imap'), { code: 0, stdout: 'all is well\n' })
    provider.receive('cram', forAlice('by IDLE'))
    await until('it is delivered', () => postOffice.inbox('alice').has('by IDLE'))
    const start = own.end
    const before = pidOf('fetchmail@imap')
    t.match(await type('fetchmail-service restart --instance imap'), { code: 0 })
    t.not(pidOf('fetchmail@imap'), before)
    await own.shows(start, /terminated with signal 15$/, /IMAP> A\d+ IDLE$/)
  })

  await chapter('the password from a terminal is asked for, and not shown', async (t) => {
    const answers = "sleep 1; for word in example example.com; do echo $word; sleep 1; done; echo wooly'\"'booly"
    const command = 'fetchmail-service install --instance tty --template pop3s --server pop.example.net'
    const { stdout } = await type(`(${answers}) | script -qec '${command}' /dev/null`)
    t.match(stdout, /Password there \(it is not shown\): /)
    t.notMatch(stdout, /wooly/)
    t.match(fs.readFileSync(join(root, 'var/svc.d/fetchmail@tty/fetchmail.conf'), 'utf8'), 'user "example" with password "wooly\\x22booly" ssl')
    t.match(await type(`${command.replace('tty', 'none')} </dev/null`), { code: 100, stderr: /^fetchmail-service: fatal: --user is missing, and there is no terminal to ask at\n$/ })
  })

  await chapter('the maildir template needs no mail server', async (t) => {
    provider.receive('second', forAlice('into the Maildir'))
    t.match(await type('fetchmail-service install --instance maildir --template maildir --server pop.example.net --user second --password-file secret --link'), { code: 0 })
    const folder = join(root, 'var/svc.d/fetchmail@maildir/Maildir/new')
    const names = (): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    await until('the message is there', () => names().length === 1)
    t.match(fs.readFileSync(join(folder, names()[0]!), 'utf8'), /^Subject: into the Maildir$/m)
    await until('and no more at the provider', () => provider.holds('second') === 0)
  })

  t.equal(svscan.stderr, '')
})

/** The block of commands under "Five minutes". */
function newcomersScript(): string[] {
  const text = fs.readFileSync(fixture('../../docs/fetchmail.md'), 'utf8')
  const block = /^## Five minutes$[^]*?\n\n((?: {4}.*\n)+)/m.exec(text)![1]!
  return block.split('\n').filter((line) => line !== '').map((line) => line.trim().replace(/ +# .*$/, '')).filter((line) => !line.startsWith('vi '))
}

/** A POP3 server with five messages, which takes its time for each, and deletes at QUIT as POP3 has it. */
const slowServer = `
import { createServer } from 'node:net'
let messages = [1, 2, 3, 4, 5]
const text = (n) => 'From: bob@remote.example.org\\r\\nDelivered-To: example-carol@example.com\\r\\nSubject: slow ' + n + '\\r\\n\\r\\nHello.\\r\\n'
createServer((socket) => {
  let marked = []
  const mine = [...messages]
  socket.on('error', () => {})
  socket.write('+OK <1.2@pop>\\r\\n')
  socket.on('data', (data) => {
    const [verb, argument] = data.toString().trim().split(' ')
    const n = Number(argument)
    if (verb === 'STAT') return socket.write('+OK ' + mine.length + ' ' + mine.length * 100 + '\\r\\n')
    if (verb === 'LIST' && argument) return socket.write('+OK ' + n + ' ' + text(n).length + '\\r\\n')
    if (verb === 'RETR') return setTimeout(() => socket.write('+OK\\r\\n' + text(n) + '.\\r\\n'), 400)
    if (verb === 'DELE') marked.push(mine[n - 1])
    if (verb === 'QUIT') {
      messages = messages.filter((each) => !marked.includes(each))
      return socket.end('+OK\\r\\n')
    }
    socket.write(verb === 'CAPA' || verb === 'LAST' || verb === 'UIDL' || verb === 'TOP' ? '-ERR\\r\\n' : '+OK\\r\\n')
  })
}).listen(2113, '127.0.0.1')
`
