import t from 'tap'
import { readCheck } from '../../src/mail/check.ts'
import { round, wrongPassword } from './said.ts'

t.test('readCheck: what waits, or what is wrong', async (t) => {
  const found = round(['2 messages (1 seen) for example at pop.example.net (310 octets).'])
  t.match(readCheck('pop.example.net', found, 0, false), { trouble: undefined, mailboxes: [{ words: '2 messages (1 seen) for example at pop.example.net (310 octets)', messages: 2, seen: 1 }] })
  t.match(readCheck('x', round(['fetchmail: No mail for example at pop.example.net']), 1, false), { trouble: undefined, mailboxes: [{ messages: 0 }] })
  t.match(readCheck('x', round(wrongPassword), 3, false), { trouble: 'wrong password', words: 'Authorization failure on example@pop.example.net' })
})

t.test('readCheck: IDLE is as far as it goes, whatever ended it', async (t) => {
  t.match(readCheck('x', ['fetchmail: IMAP> A0004 IDLE', 'fetchmail: terminated with signal 15'], undefined, true), { trouble: undefined })
})

t.test('readCheck: a server that does not answer a login waits for another session; one that says nothing at all is mute', async (t) => {
  const silence = 'fetchmail: timeout after 3 seconds waiting for server pop.example.net.'
  for (const login of ['fetchmail: POP3> PASS *', 'fetchmail: POP3> APOP example 478d43956d10030754aa4e41d690881e', 'fetchmail: POP3> ZXhhbXBsZSAwYzI4MDM3ZGU2YjRiMGRk', 'fetchmail: IMAP> A0002 LOGIN "example" *']) {
    t.match(readCheck('x', ['fetchmail: POP3< +OK', login, silence], 2, false), { trouble: 'mailbox locked' }, login)
  }
  t.match(readCheck('x', [silence], 2, false), { trouble: 'mute server' })
  t.match(readCheck('x', ['fetchmail: POP3> STAT', silence], 2, false), { trouble: 'mute server' })
  t.match(readCheck('x', [], undefined, false), { trouble: 'mute server' })
})
