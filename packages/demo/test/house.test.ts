import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { fetchmailConf, furniture, letter, quote } from '../src/house.ts'

const house = { node: '/usr/bin/node', pop3Program: '/a b/pop3.js', smtpProgram: '/smtp.js', account: undefined }

t.test('quote makes one word for the shell of anything', async (t) => {
  t.equal(quote('/plain/path-1.js'), '/plain/path-1.js')
  const words = fc.sample(fc.string({ unit: fc.constantFrom("'", '"', '$', '\\', ' ', '\n', 'a', '*') }), 50)
  t.equal(execFileSync('/bin/sh', ['-c', `printf '%s|' ${words.map(quote).join(' ')}`], { encoding: 'utf8' }), words.map((word) => word + '|').join(''))
})

t.test('every script of the house is one that the shell can read', async (t) => {
  for (const { path, text, mode } of [...furniture(house), ...furniture({ ...house, account: 'nobody' })]) {
    if (mode !== 0o755 || text === undefined) continue
    t.match(text, /^#!\/bin\/sh\n/, path)
    execFileSync('/bin/sh', ['-n'], { input: text })
  }
})

t.test('fetchmail changes its account only if there is one to change to', async (t) => {
  const run = (account: string | undefined): string => furniture({ ...house, account }).find(({ path }) => path === 'sv/fetchmail/run')?.text ?? ''
  t.notMatch(run(undefined), 'setuidgid')
  t.match(run('nobody'), 'setuidgid nobody fetchmail -v')
})

t.test('fetchmail.conf has the ports, and is for its owner alone', async (t) => {
  const { text, mode, fetchmails } = fetchmailConf({ pop3: 9110, smtp: 9025 })
  t.match(text, 'service 9110 ')
  t.match(text, '"127.0.0.1/9025"')
  t.equal(mode, 0o600)
  t.equal(fetchmails, true)
})

t.test('a letter is addressed to the virtual domain', async (t) => {
  t.match(letter('alice'), '\nDelivered-To: example-alice@example.com\n')
})
