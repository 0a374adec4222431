import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Event } from '../../src/mail/event.ts'
import { append, emptyJournal } from '../../src/mail/journal.ts'
import { noPolls, step } from '../../src/mail/polls.ts'
import { message, refused, round, sleeping, stamped, started, wrongPassword } from './said.ts'

const polls = (...lines: string[]) => append(emptyJournal, stamped(lines)).polls

t.test('a round is good when no server had a status, and says what came', async (t) => {
  const seen = polls(...started, ...round(message(' flushed')), ...round(message(' flushed'), undefined, 'other.example.net'), sleeping)
  t.match(seen, { phase: 'sleeping', failedRounds: 0, delivered: 2, last: { delivered: 2, failures: [] }, round: undefined })
  t.equal(seen.lastGood, seen.since)
  t.equal(seen.due, seen.since + 551_000)
})

t.test('poll completed is also said of a poll that failed: the status after it decides', async (t) => {
  const before = [...started, ...round([]), sleeping]
  const seen = polls(...before, ...round(wrongPassword, '3 (AUTHFAIL)'), sleeping, ...round(wrongPassword, '3 (AUTHFAIL)'), sleeping)
  t.match(seen, { failedRounds: 2, last: { failures: [{ server: 'pop.example.net', trouble: 'wrong password', status: 3, name: 'AUTHFAIL', words: 'Authorization failure on example@pop.example.net' }] } })
  t.equal(seen.lastGood, polls(...before).lastGood)
  t.match(polls(...before, ...round(wrongPassword, '3 (AUTHFAIL)'), sleeping, ...round([]), sleeping), { failedRounds: 0, failures: [] })
})

t.test('of two servers the failure is that of the one that failed', async (t) => {
  const seen = polls(...started, ...round([], '2 (SOCKET)', 'a.example.net'), ...round(message(' flushed'), undefined, 'b.example.net'), sleeping)
  t.match(seen.last, { delivered: 1, failures: [{ server: 'a.example.net', status: 2 }] })
  t.equal(seen.last!.failures.length, 1)
})

t.test('what our mail server refused is refused, though there is no status; what is kept on purpose is kept', async (t) => {
  t.match(polls(...started, ...round(message(' not flushed', ...refused)), sleeping), { refused: 1, kept: 0, failedRounds: 0, last: { refused: 1, refusal: 'SMTP error: 550 5.1.1 nobody here' } })
  t.match(polls(...started, ...round(message(' not flushed')), sleeping), { refused: 0, kept: 1 })
  t.match(polls(...started, ...round([...message(' flushed', ...refused), ...message(' not flushed')]), sleeping), { delivered: 1, kept: 1, refused: 0 }, 'it went to the postmaster; the next is another message')
})

t.test('in IDLE nothing is completed, and all is well', async (t) => {
  const idle = [...started, round([])[0]!, 'fetchmail: IMAP> A0004 IDLE', 'fetchmail: IMAP< + idling']
  t.match(polls(...idle), { phase: 'idle', failedRounds: 0 })
  t.match(polls(...idle, 'fetchmail: IMAP< * 1 EXISTS', 'fetchmail: IMAP> DONE', '1 message for b at imap.example.net.', ...message(' flushed')), { phase: 'polling', delivered: 1 })
  t.match(polls(...idle, '1 message for b at imap.example.net.', 'fetchmail: IMAP> A0009 IDLE'), { phase: 'idle' })
})

t.test('what run or finish says stays until the next start', async (t) => {
  const refusing = [started[0]!, '*** fetchmail.conf is open to others', '*** to cure that: chmod']
  t.match(polls(...refusing), { phase: 'refused', refusal: 'fetchmail.conf is open to others' })
  t.match(polls(...refusing, ...started), { phase: 'starting', refusal: undefined })
})

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>({ event: 'service started' }, { event: 'fetchmail started' }, { event: 'message' }, { event: 'recipient refused' }, { event: 'awakened' }, { event: 'idle' }, { event: 'ended' }),
  fc.constantFrom('a', 'b').map((server): Event => ({ event: 'poll started', server })),
  fc.constantFrom('a', 'b').map((server): Event => ({ event: 'poll completed', server })),
  fc.constantFrom('delivered' as const, 'kept' as const).map((how): Event => ({ event: 'message ended', how })),
  fc.nat(30).map((status): Event => ({ event: 'status', status, name: '' })),
  fc.nat(600).map((seconds): Event => ({ event: 'sleeping', seconds })),
  fc.nat(9).map((messages): Event => ({ event: 'mail found', messages, seen: 0 })),
  fc.string().map((text): Event => ({ event: 'remark', text })),
  fc.string().map((text): Event => ({ event: 'refused', text })),
)

t.test('step: whatever happens in whatever order, the sums are right', async () => {
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
    let now = noPolls
    for (const [index, event] of events.entries()) {
      const next = step(now, event, index + 1)
      assert.ok(next.delivered + next.kept + next.refused - (now.delivered + now.kept + now.refused) === (event.event === 'message ended' ? 1 : 0))
      assert.ok(next.since <= next.lastLine && next.lastLine === index + 1)
      assert.ok((next.phase === 'sleeping') === (next.due !== undefined))
      assert.ok(next.starts.length <= 10)
      if (next.failedRounds > 0) assert.ok(next.last !== undefined && next.last.failures.length > 0)
      if (event.event === 'sleeping') assert.equal(next.round, undefined)
      now = next
    }
  }))
})
