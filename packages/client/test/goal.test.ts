import t from 'tap'
import { incarnationOf, isHopeless, untilReached } from '../src/goal.ts'
import { ago, down, exit, foreign, healthy, ours, up } from './model.ts'

t.test('untilReached: up, for long enough, and another one', async (t) => {
  t.equal(untilReached(healthy(), 'up'), 0)
  t.equal(untilReached(ours(up(1)), 'up', { lasting: 3000 }), 2000)
  t.equal(untilReached(ours(down(1)), 'up'), Infinity)
  t.equal(untilReached(healthy({ supervision: 'absent' }), 'up'), Infinity, 'nobody keeps it up')
  const old = incarnationOf(ours(up(60)))!
  t.equal(untilReached(ours(up(60)), 'up', { notThis: old }), Infinity)
  t.equal(untilReached(ours(up(1)), 'up', { notThis: old }), 0, 'the same pid, started later, is another')
  t.equal(incarnationOf(ours(down(1))), undefined)
  t.equal(untilReached(foreign(up(1), { processState: 'Z' }), 'up'), Infinity, 'it has ended already')
})

t.test('untilReached: ready needs to be said', async (t) => {
  const files = new Map([['check', '']])
  t.equal(untilReached(healthy(), 'ready'), Infinity)
  t.equal(untilReached(ours(up(60), { ready: ago(1) }, { files }), 'ready'), 0)
  t.equal(untilReached(ours(up(60), {}, { files }), 'ready'), Infinity)
})

t.test('untilReached: down is not between two starts, nor while finish runs', async (t) => {
  t.equal(untilReached(ours(down(1, { want: 'down' })), 'down'), 0)
  t.equal(untilReached(ours(down(1, { want: 'once' }), { failed: true, lastExit: exit(1, 1) }), 'down'), 0)
  t.equal(untilReached(ours(down(1)), 'down'), Infinity)
  t.equal(untilReached(ours(down(1, { want: 'down' }), { phase: 'finishing' }), 'down'), Infinity)
  t.equal(untilReached(healthy(), 'down'), Infinity)
  t.equal(untilReached(healthy({ supervision: 'absent' }), 'down'), Infinity, 'it runs on')
  t.equal(untilReached(healthy({ supervision: 'absent', processState: undefined }), 'down'), 0)
})

t.test('isHopeless: it cannot say that it is ready, or may not be looked at', async (t) => {
  t.ok(isHopeless(healthy(), 'ready'))
  t.ok(isHopeless(foreign(up(60), { files: new Map([['check', '']]) }), 'ready'), 'a C supervise does not listen')
  t.notOk(isHopeless(ours(down(1)), 'ready'), 'the file may come with the next start')
  t.notOk(isHopeless(healthy({ files: new Map([['check', '']]) }), 'ready'))
  t.ok(isHopeless(healthy({ supervision: 'denied' }), 'down'))
})

t.test('isHopeless: finish has given up', async (t) => {
  const failed = ours(down(1, { want: 'once' }), { failed: true })
  t.ok(isHopeless(failed, 'up'))
  t.notOk(isHopeless(failed, 'down'))
  t.notOk(isHopeless(ours(down(1)), 'up'))
})
