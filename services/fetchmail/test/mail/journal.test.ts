import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { append, emptyJournal } from '../../src/mail/journal.ts'
import { message, refused, round, sleeping, stamped, start, started, wrongPassword } from './said.ts'

const day = stamped([
  ...started,
  ...round(['1 message for example at pop.example.net (440 octets).', ...message(' flushed')]),
  sleeping,
  'fetchmail: awakened by signal 10',
  ...round(message(' not flushed', ...refused)),
  sleeping,
  ...round(wrongPassword, '3 (AUTHFAIL)'),
  ...round([], undefined, 'other.example.net'),
  sleeping,
])

t.test('append: a log adds up to the same at every split', async (t) => {
  const whole = append(emptyJournal, day)
  for (let at = 0; at <= day.length; at++) assert.deepEqual(append(append(emptyJournal, day.slice(0, at)), day.slice(at)), whole, `split at ${at}`)
  fc.assert(fc.property(fc.array(fc.nat(day.length), { maxLength: 30 }), (places) => {
    const cuts = [0, ...places.sort((a, b) => a - b), day.length]
    const pieces = cuts.slice(1).map((end, index) => day.slice(cuts[index], end))
    assert.deepEqual(pieces.reduce(append, emptyJournal), whole)
  }))
  t.match(whole, { rest: '', polls: { phase: 'sleeping', delivered: 1, refused: 1, failedRounds: 1 } })
})

t.test('append: times are those of the stamps, and a line without one is passed over', async (t) => {
  const { polls } = append(emptyJournal, stamped(started) + 'no stamp\n@40000000zz junk\n')
  t.same(polls.starts, [start * 1000 + 500])
  t.equal(polls.lastLine, (start + 1) * 1000 + 500)
})

t.test('append: a line whose end has not come does not count yet', async (t) => {
  const { polls, rest } = append(emptyJournal, day.slice(0, -1))
  t.equal(polls.phase, 'polling')
  t.match(rest, /551 seconds$/)
})

t.test('append: any bytes are a log', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
    append(emptyJournal, text)
  }))
})
