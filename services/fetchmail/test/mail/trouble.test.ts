import t from 'tap'
import { isDelivery, nameTrouble, wordsOf } from '../../src/mail/trouble.ts'

// seen with 6.4.37
const cases: [string, number, string[]][] = [
  ['wrong password', 3, ['fetchmail: [AUTH] Authentication failed.', 'fetchmail: Authorization failure on example@pop.example.net']],
  ['no APOP', 3, ['fetchmail: Required APOP timestamp not found in greeting']],
  ['mailbox locked', 9, ['fetchmail: [IN-USE] maildrop already locked']],
  ['mailbox locked', 9, []],
  ['certificate expired', 2, ['fetchmail: Server certificate verification error: certificate has expired', 'fetchmail: pop.example.net: SSL connection failed.', 'fetchmail: socket error while fetching from example@pop.example.net']],
  ['self-signed certificate', 2, ['fetchmail: Server certificate verification error: self-signed certificate', 'fetchmail: x: SSL connection failed.']],
  ['certificate for another name', 2, ['fetchmail: Server CommonName mismatch: localhost != 127.0.0.1', 'fetchmail: Server certificate verification error: hostname mismatch']],
  ['unknown authority', 2, ['fetchmail: Server certificate verification error: unable to get local issuer certificate']],
  ['certificate refused', 2, ['fetchmail: Server certificate verification error: unsupported certificate purpose']],
  ['no TLS', 2, ['fetchmail: pop.example.net: upgrade to TLS failed.']],
  ['unknown host', 2, ['fetchmail: getaddrinfo("pop.nosuch.invalid","110") error: Name or service not known', 'POP3 connection to pop.nosuch.invalid failed: No such file or directory']],
  ['mail server down', 10, ['fetchmail: connection to 127.0.0.1:9025 [127.0.0.1/9025] failed: Connection refused.', 'fetchmail: SMTP connect to 127.0.0.1/9025 failed', 'fetchmail: SMTP transaction error while fetching from example@pop.example.net and delivering to SMTP host 127.0.0.1/9025']],
  ['connection refused', 2, ['fetchmail: connection to pop.example.net:9999 [127.0.0.1/9999] failed: Connection refused.', 'fetchmail: Connection errors for this poll:']],
  ['unreachable', 2, ['fetchmail: connection to pop.example.net:995 [192.0.2.1/995] failed: No route to host.']],
  ['mute server', 2, ['fetchmail: timeout after 1 seconds waiting for server pop.example.net.', 'fetchmail: socket error while fetching from example@pop.example.net']],
  ['failed', 4, ['fetchmail: protocol error']],
]

t.test('nameTrouble finds the cause among its consequences', async (t) => {
  for (const [trouble, status, remarks] of cases) {
    t.equal(nameTrouble(remarks, status), trouble, remarks.join(' / '))
    t.equal(nameTrouble([...remarks].reverse(), status), trouble, 'in any order')
  }
})

t.test('wordsOf quotes the line that says it', async (t) => {
  t.equal(wordsOf(cases[4]![2], 'certificate expired'), 'Server certificate verification error: certificate has expired')
  t.equal(wordsOf([], 'failed'), undefined)
  t.equal(wordsOf(['fetchmail: protocol error'], 'failed'), 'protocol error')
})

t.test('isDelivery parts the provider from our mail server', async (t) => {
  t.ok(isDelivery('mail server down') && isDelivery('mail refused'))
  t.notOk(isDelivery('wrong password') || isDelivery('connection refused'))
})
