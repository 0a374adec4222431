// whole command
// The two servers against the real fetchmail.
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { field, readDeliveries, startPop3, startSmtp } from '../src/index.ts'
import { fetchmailsAccount } from '../src/account.ts'
import { furnish } from '../src/furnish.ts'
import { fetchmailConf, letter, secret, user } from '../src/house.ts'

function isInstalled(): boolean {
  try {
    execFileSync('fetchmail', ['-V', '-f', '/dev/null'], { stdio: 'ignore', env: { ...process.env, HOME: '/' } })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

t.test('fetchmail brings three letters from the maildrop to the right people, once', { skip: !isInstalled() && 'fetchmail is not installed' }, async (t) => {
  // Not in the checkout: as root fetchmail runs as somebody who may not be able to go there.
  const folder = mkdtempSync(join(tmpdir(), 'demo-fetchmail-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  const account = fetchmailsAccount()
  const names = ['alice', 'bob', 'carol']
  const at = (path: string): string => join(folder, path)
  furnish(folder, [
    { path: 'maildrop', mode: 0o755 },
    { path: 'delivered', mode: 0o755 },
    { path: 'sv', mode: 0o755 },
    { path: 'sv/fetchmail', mode: 0o755 },
    { path: 'state', mode: 0o700, fetchmails: true },
    ...names.map((name) => ({ path: `maildrop/${name}`, text: letter(name), mode: 0o644 })),
  ], account)
  const pop3 = await startPop3({ maildrop: at('maildrop'), user, secret, port: 0 })
  const smtp = await startSmtp({ folder: at('delivered'), port: 0 })
  t.teardown(() => Promise.all([pop3.close(), smtp.close()]))
  const conf = fetchmailConf({ pop3: pop3.port, smtp: smtp.port })
  furnish(folder, [conf], account)

  /** One poll; its exit code. */
  const poll = (): Promise<number> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], HOME: at('state'), FETCHMAILHOME: at('state'), LC_ALL: 'C' }
      const who = account === undefined ? {} : { uid: account.uid, gid: account.gid }
      const child = execFile('fetchmail', ['-d0', '-f', at(conf.path)], { env, cwd: folder, timeout: 20_000, ...who }, () => resolve(child.exitCode ?? -1))
    })

  t.equal(await poll(), 0)
  const deliveries = await readDeliveries(at('delivered'))
  t.same(deliveries.map(({ to }) => to), names.map((name) => [`${name}@example.com`]))
  t.same(deliveries.map(({ text }) => field(text, 'Delivered-To')), names.map((name) => `example-${name}@example.com`))
  t.ok(deliveries.every(({ from, text }) => from === 'zoe@remote.example.org' && text.endsWith('\n.\nZoe\n')))
  t.same(readdirSync(at('maildrop')), [], 'what was delivered is deleted')
  t.equal(await poll(), 1, 'no mail is left')
})
