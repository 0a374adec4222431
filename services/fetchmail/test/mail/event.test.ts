import fc from 'fast-check'
import t from 'tap'
import { readEvents } from '../../src/mail/event.ts'

const cases: [string, object[]][] = [
  ['*** Starting fetchmail service...', [{ event: 'service started' }]],
  ['*** not started again: x - y', [{ event: 'refused', text: 'not started again: x - y' }]],
  ['fetchmail: starting fetchmail 6.4.37 daemon', [{ event: 'fetchmail started' }]],
  ['fetchmail: 6.4.37 querying pop.example.net (protocol APOP) at Sun Nov 22 07:04:39 2026: poll started', [{ event: 'poll started', server: 'pop.example.net' }]],
  ['fetchmail: 6.4.37 querying pop.example.net (protocol APOP) at Sun Nov 22 07:04:39 2026: poll completed', [{ event: 'poll completed', server: 'pop.example.net' }]],
  ['5 messages for example at pop.example.net (2087 octets).', [{ event: 'mail found', messages: 5, seen: 0 }]],
  ['5 messages (3 seen) for example at pop.example.net (2087 octets).', [{ event: 'mail found', messages: 5, seen: 3 }]],
  ['1 message for b at imap.example.net (folder INBOX).', [{ event: 'mail found', messages: 1, seen: 0 }]],
  ['reading message example@pop.example.net:1 of 5 (440 octets)', [{ event: 'message' }]],
  ['reading message example@pop.example.net:1 of 1 (441 octets) flushed', [{ event: 'message' }, { event: 'message ended', how: 'delivered' }]],
  ['reading message example@pop.example.net:3 of 5 (262 octets)fetchmail: SMTP> MAIL FROM:<bob@remote.example.org> SIZE=262', [{ event: 'message' }]],
  ['reading message example@pop.example.net:3 of 5 (262 octets)fetchmail: SMTP error: 451 later', [{ event: 'message' }, { event: 'recipient refused' }, { event: 'remark' }]],
  ['reading message second@localhost:1 of 1 (117 octets) #*fetchmail: MDA returned nonzero status 111', [{ event: 'message' }, { event: 'recipient refused' }, { event: 'remark', text: 'fetchmail: MDA returned nonzero status 111' }]],
  ['reading message example@pop.example.net:3 of 5 (262 octets) #***fetchmail: SMTP> RCPT TO:<a@example.com>', [{ event: 'message' }]],
  [' flushed', [{ event: 'message ended', how: 'delivered' }]],
  [' not flushed', [{ event: 'message ended', how: 'kept' }]],
  ['#*** retained', [{ event: 'message ended', how: 'kept' }]],
  ['#***', []],
  ['fetchmail: SMTP error: 550 5.1.1 nobody', [{ event: 'recipient refused' }, { event: 'remark', text: 'fetchmail: SMTP error: 550 5.1.1 nobody' }]],
  ['MDA returned nonzero status 127', [{ event: 'recipient refused' }, { event: 'remark' }]],
  ['fetchmail: SMTP< 250 flushed', []],
  ['fetchmail: POP3< -ERR [AUTH] Authentication failed.', []],
  ['fetchmail: Query status=3 (AUTHFAIL)', [{ event: 'status', status: 3, name: 'AUTHFAIL' }]],
  ['fetchmail: Query status=99', [{ event: 'status', status: 99, name: '' }]],
  ['fetchmail: sleeping at Sun Nov 22 07:04:39 2026 for 551 seconds', [{ event: 'sleeping', seconds: 551 }]],
  ['fetchmail: awakened by signal 10', [{ event: 'awakened' }]],
  ['fetchmail: awakened at Sun Nov 22 07:04:39 2026', [{ event: 'awakened' }]],
  ['fetchmail: IMAP> A0009 IDLE', [{ event: 'idle' }]],
  ['fetchmail: terminated with signal 15', [{ event: 'ended' }]],
  ['fetchmail: Authorization failure on example@pop.example.net', [{ event: 'remark' }]],
  ['', []],
]

t.test('readEvents knows what fetchmail says, and what is glued to what', async (t) => {
  for (const [line, events] of cases) {
    const found = readEvents(line)
    t.match(found, events, line)
    t.equal(found.length, events.length, line)
  }
})

t.test('readEvents takes any line at all', async () => {
  const anyLine = fc.array(fc.oneof(fc.string(), fc.constantFrom(...cases.map(([line]) => line), 'fetchmail: ', 'reading message a:1 of 2 (3 octets)')), { maxLength: 4 }).map((parts) => parts.join(''))
  fc.assert(fc.property(anyLine, (line) => readEvents(line).every(({ event }) => typeof event === 'string')))
})
