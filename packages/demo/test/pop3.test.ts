// Not tested here: how long a line may be and how long a client may be silent (pop3-server.ts).
import fc from 'fast-check'
import t from 'tap'
import { apopDigest, cutLines, greeting, open, removed, type Session, step, stuff } from '../src/pop3.ts'

const timestamp = '<1896.697170952@dbc.mtview.ca.us>'
const messages = [
  { uid: 'a', text: 'Subject: one\r\n\r\nfirst\r\n.\r\n..second\r\n' },
  { uid: 'b', text: 'Subject: two\r\n\r\n' },
  { uid: 'c', text: 'Subject: three\r\n' },
]
const start = open({ user: 'mrose', secret: 'tanstaaf', timestamp, messages })

/** Says lines one after the other; the replies to the last one, and the session. */
function converse(session: Session, ...lines: readonly string[]): { replies: readonly string[]; session: Session } {
  return lines.reduce((last, line) => step(last.session, line), { replies: [] as readonly string[], session })
}

const login = 'APOP mrose c4c9334bac560ecc979e58001b3e22fb'

t.test('APOP is the example of RFC 1939', async (t) => {
  t.equal(apopDigest(timestamp, 'tanstaaf'), 'c4c9334bac560ecc979e58001b3e22fb')
  t.equal(greeting(start), `+OK POP3 ${timestamp}`)
  t.match(converse(start, login), { replies: ['+OK 3 messages'], session: { state: 'transaction' } })
})

t.test('APOP with a wrong digest, a wrong name or nothing does not log in, and another attempt may', async (t) => {
  for (const line of ['APOP mrose c4c9334bac560ecc979e58001b3e22fc', 'APOP rose c4c9334bac560ecc979e58001b3e22fb', 'APOP mrose', 'APOP', login + ' ']) {
    const { replies, session } = converse(start, line)
    t.equal(replies[0], '-ERR [AUTH] wrong name or secret', line)
    t.equal(session.state, 'authorization')
    t.equal(converse(session, login).session.state, 'transaction')
  }
})

t.test('USER and PASS log in; PASS comes after USER, and each USER is good for one PASS', async (t) => {
  t.equal(converse(start, 'USER mrose', 'PASS tanstaaf').session.state, 'transaction')
  t.equal(converse(start, 'USER nobody', 'PASS tanstaaf').session.state, 'authorization')
  t.same(converse(start, 'PASS tanstaaf').replies, ['-ERR USER comes first'])
  t.same(converse(start, 'USER mrose', 'PASS no', 'PASS tanstaaf').replies, ['-ERR USER comes first'])
  const spaced = open({ ...start, secret: 'two words' })
  t.equal(converse(spaced, 'USER mrose', 'PASS two words').session.state, 'transaction')
})

t.test('before the login nothing can be read, after it nobody can log in again', async (t) => {
  for (const line of ['STAT', 'LIST', 'UIDL', 'RETR 1', 'DELE 1', 'TOP 1 0', 'NOOP', 'RSET', 'AUTH', 'LAST', 'STLS', 'constructor', '']) {
    t.same(converse(start, line).replies, ['-ERR unknown command'], line)
  }
  t.same(converse(start, login, login).replies, ['-ERR unknown command'])
})

t.test('CAPA lists what there is, in both states', async (t) => {
  for (const lines of [['CAPA'], [login, 'capa']]) {
    const { replies } = converse(start, ...lines)
    t.match(replies, ['+OK', 'TOP', 'UIDL', 'USER'])
    t.equal(replies.at(-1), '.')
  }
})

t.test('STAT, LIST and UIDL count and name what is not deleted; numbers stay', async (t) => {
  t.same(converse(start, login, 'STAT').replies, ['+OK 3 68'])
  t.same(converse(start, login, 'LIST').replies, ['+OK', '1 36', '2 16', '3 16', '.'])
  t.same(converse(start, login, 'DELE 1', 'LIST').replies, ['+OK', '2 16', '3 16', '.'])
  t.same(converse(start, login, 'DELE 1', 'STAT').replies, ['+OK 2 32'])
  t.same(converse(start, login, 'UIDL').replies, ['+OK', '1 a', '2 b', '3 c', '.'])
  t.same(converse(start, login, 'UIDL 3').replies, ['+OK 3 c'])
  for (const line of ['LIST 4', 'LIST 0', 'LIST 1', 'UIDL x', 'RETR', 'RETR 1', 'RETR 01', 'DELE 1', 'TOP 9 1']) {
    t.same(converse(start, login, 'DELE 1', line).replies, ['-ERR no such message'], line)
  }
})

t.test('RETR and TOP send the message, stuffed', async (t) => {
  t.same(converse(start, login, 'RETR 1').replies, ['+OK 36 octets', 'Subject: one', '', 'first', '..', '...second', '.'])
  t.same(converse(start, login, 'TOP 1 1').replies, ['+OK', 'Subject: one', '', 'first', '.'])
  t.same(converse(start, login, 'TOP 1 0').replies, ['+OK', 'Subject: one', '', '.'])
  t.same(converse(start, login, 'TOP 3 5').replies, ['+OK', 'Subject: three', '.'])
  t.same(converse(start, login, 'TOP 1').replies, ['-ERR how many lines?'])
})

t.test('DELE removes only when QUIT has been said, and RSET takes it back', async (t) => {
  const marked = converse(start, login, 'DELE 1', 'DELE 3').session
  t.same(removed(marked), [], 'a connection that breaks removes nothing')
  const quit = converse(marked, 'QUIT').session
  t.equal(quit.state, 'update')
  t.same(removed(quit).map(({ uid }) => uid), ['a', 'c'])
  t.same(removed(converse(marked, 'RSET', 'QUIT').session), [])
  t.same(removed(converse(start, 'QUIT').session), [])
  t.equal(converse(start, 'QUIT').session.state, 'over')
  t.same(converse(quit, 'NOOP').replies, ['-ERR unknown command'])
})

t.test('NOOP changes nothing', async (t) => {
  const { session } = converse(start, login)
  t.same(step(session, 'NOOP'), { replies: ['+OK'], session })
})

t.test('cutLines gives the same lines however the bytes arrive', async (t) => {
  const text = 'USER mrose\r\nPASS x\n\r\nQUIT\r\nrest'
  const whole = cutLines(text)
  t.same(whole, { lines: ['USER mrose', 'PASS x', '', 'QUIT'], rest: 'rest' })
  const differing: string[] = []
  for (let first = 0; first <= text.length; first += 1) {
    for (let second = first; second <= text.length; second += 1) {
      const lines: string[] = []
      let rest = ''
      for (const chunk of [text.slice(0, first), text.slice(first, second), text.slice(second)]) {
        const cut = cutLines(rest + chunk)
        lines.push(...cut.lines)
        rest = cut.rest
      }
      if (JSON.stringify({ lines, rest }) !== JSON.stringify(whole)) differing.push(`split at ${first} and ${second}`)
    }
  }
  t.same(differing, [])
})

t.test('what stuff sends, a client reads back', async () => {
  const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '\r', '\xff'), maxLength: 5 }).filter((line) => !line.endsWith('\r'))
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const sent = stuff(lines.map((line) => line + '\r\n').join(''))
      const end = sent.indexOf('.')
      const read = sent.slice(0, end).map((line) => (line.startsWith('.') ? line.slice(1) : line))
      return end === sent.length - 1 && JSON.stringify(read) === JSON.stringify(lines)
    }),
  )
})
