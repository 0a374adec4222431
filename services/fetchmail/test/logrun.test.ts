/** log/run by itself: what its multilog lets into which log, with ours and with djb's. With a real fetchmail: test/fetchmail/care.test.ts. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { layoutBelow, logRunFor } from '../src/layout.ts'
import { serviceFolder } from './script.ts'

const built = fileURLToPath(new URL('../../../../dist/command/multilog', import.meta.url))

/** Of both logs, of the full one alone, and of none. */
const everywhere = [
  '*** Starting fetchmail service...',
  'fetchmail: starting fetchmail 6.4.37 daemon',
  '5 messages for example at pop.example.net (2087 octets).',
  'reading message example@pop.example.net:1 of 5 (440 octets)',
  'fetchmail: SMTP> RCPT TO:<alice@example.com>',
  ' flushed',
  ' not flushed',
  'fetchmail: Authorization failure on example@pop.example.net',
  'fetchmail: Query status=3 (AUTHFAIL)',
  'fetchmail: SMTP error: 550 nobody here',
  'fetchmail: SMTP connect to localhost failed',
  'fetchmail: Server certificate verification error: certificate has expired',
  'fetchmail: connection to pop.example.net:110 [127.0.0.1/110] failed: Connection refused.',
  'fetchmail: awakened by signal 10',
  'fetchmail: something new that nobody has foreseen',
  '*** not started again: x - y',
]
const fullOnly = [
  'fetchmail: 6.4.37 querying pop.example.net (protocol APOP) at Sun Nov 22 07:04:39 2026: poll started',
  'Trying to connect to 127.0.0.1/110...connected.',
  'fetchmail: POP3< +OK Dovecot ready. <b95.6.6b029407@vm>',
  'fetchmail: POP3> CAPA',
  'fetchmail: POP3> AUTH CRAM-MD5',
  'fetchmail: POP3> USER example',
  'fetchmail: POP3> STAT',
  'fetchmail: POP3> RETR 1',
  'fetchmail: POP3> QUIT',
  'fetchmail: IMAP> A0001 AUTHENTICATE CRAM-MD5',
  'fetchmail: IMAP> A0002 SELECT "INBOX"',
  'fetchmail: IMAP> A0009 IDLE',
  'fetchmail: IMAP< + idling',
  'fetchmail: IMAP> DONE',
  'fetchmail: SMTP> MAIL FROM:<bob@remote.example.org> SIZE=440',
  'fetchmail: SMTP>. (EOM)',
  'fetchmail: SMTP< 250 2.0.0 accepted',
  '#***',
  'fetchmail: Server certificate:',
  'fetchmail: pop.example.net key fingerprint: B8:AB:15',
  'fetchmail: sleeping at Sun Nov 22 07:04:39 2026 for 551 seconds',
]
const nowhere = [
  'fetchmail: POP3> APOP example 478d43956d10030754aa4e41d690881e',
  'fetchmail: POP3< + PDg4MzExNjE3NDUxMzk0MTIuMTc5NTgwMTk1NUB2bT4=',
  'fetchmail: POP3> ZXhhbXBsZSAwYzI4MDM3ZGU2YjRiMGRkOTczMzU1MThlMjdiYTBiNA==',
  'fetchmail: POP3> PASS woolybooly',
  'fetchmail: POP3> AUTH PLAIN AGV4YW1wbGUAd29vbHlib29seQ==',
  'fetchmail: IMAP> ZXhhbXBsZSA1NDJjMjUxMWE4ZGRhMmYyYWEyYmQ4Y2UzNGVmNWRmYg==',
  'fetchmail: IMAP> A0003 LOGIN "example" "woolybooly"',
  'fetchmail: IMAP> A0003 AUTHENTICATE PLAIN AGV4YW1wbGUAd29vbHlib29seQ==',
  'fetchmail: IMAP< + PDAzNTY0MjIwNDAxNTI3ODUuMTc5NTgwMTk1NkB2bT4=',
  'fetchmail:/var/svc.d/fetchmail/fetchmail.conf:3: syntax error at woolybooly',
]

for (const [whose, multilog] of [['our', built], ["djb's", '/usr/bin/multilog']] as const) {
  t.test(`log/run with ${whose} multilog parts the lines between the logs, and writes no secret`, { skip: !existsSync(multilog) && `needs ${multilog}` }, async (t) => {
    const root = t.testdir({ bin: { setuidgid: `#!/bin/sh\nshift 2\nexec ${multilog} "$@"\n` }, var: { multilog: {} } })
    chmodSync(root + '/bin/setuidgid', 0o755)
    const layout = layoutBelow(root)
    writeFileSync(root + '/run', logRunFor(layout, readFileSync(join(serviceFolder, 'log/run'), 'latin1')))
    const lines = [...everywhere, ...fullOnly, ...nowhere]
    const input = lines.map((line) => line + '\n').join('')
    t.match(spawnSync('sh', [root + '/run'], { input, encoding: 'latin1', env: { PATH: `${root}/bin:/usr/bin:/bin` } }), { status: 0, stderr: '' })
    const said = (folder: string): string[] => readFileSync(folder + '/current', 'latin1').split('\n').slice(0, -1).map((line) => line.slice(26))
    t.same(said(layout.log), lines.filter((line) => !nowhere.includes(line)))
    t.same(said(layout.summary), everywhere)
  })
}
