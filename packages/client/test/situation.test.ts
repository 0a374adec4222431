import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { age, isLooping, isUnclear, lastRun, stateOf, untilStart } from '../src/situation.ts'
import { ago, down, exit, foreign, healthy, now, ours, started, up } from './model.ts'

t.test('stateOf: one word', async (t) => {
  t.equal(stateOf(healthy()), 'up')
  t.equal(stateOf(ours(up(1), {}, { files: new Map([['check', '']]) })), 'starting')
  t.equal(stateOf(ours(up(9), { ready: ago(1) }, { files: new Map([['check', '']]) })), 'ready')
  t.equal(stateOf(foreign(up(1), { files: new Map([['check', '']]) })), 'up', 'a C supervise does not look at check')
  t.equal(stateOf(foreign(up(1), { processState: 'Z' })), 'waiting')
  t.equal(stateOf(foreign(up(1, { want: 'down' }), { processState: 'Z' })), 'down')
  t.equal(stateOf(healthy({ status: undefined })), 'unknown')
  t.equal(stateOf(healthy({ supervision: 'absent' })), 'unsupervised')
})

t.test('lastRun: from its start to its end, on the clock that nobody sets back', async (t) => {
  t.equal(lastRun(ours(down(2), { lastExit: exit(1, 2), monotonic: started(5) })), 3000)
  t.equal(lastRun(ours(down(2), { lastExit: exit(1, 2), monotonic: started(5), bootId: 'another' })), undefined)
  t.equal(lastRun(ours(up(2), { lastExit: exit(1, 2) })), undefined)
})

t.test('isLooping: by the record, the tally, or who watched', async (t) => {
  const record = { lastExit: exit(1, 1), restarts: 2, monotonic: started(2) }
  t.ok(isLooping(ours(down(1), record)))
  t.notOk(isLooping(ours(down(1), { ...record, restarts: 1 })), 'once more is no loop')
  t.notOk(isLooping(ours(down(1), { ...record, monotonic: started(100) })), 'it had run for long')
  t.notOk(isLooping(ours(down(1, { want: 'down' }), record)))
  t.ok(isLooping(ours(up(1), record, { recentEnds: 5 })))
  t.notOk(isLooping(ours(up(60), record, { recentEnds: 5 })))
  t.ok(isLooping(foreign(up(0.1), { startsSeen: 2 })))
  t.notOk(isLooping(foreign(up(0.1), { startsSeen: 1 })))
})

t.test('isUnclear: what is worth watching', async (t) => {
  t.ok(isUnclear(foreign(up(1))))
  t.ok(isUnclear(ours(up(1), { lastExit: exit(1, 1), restarts: 2 })))
  t.notOk(isUnclear(foreign(up(60))))
  t.notOk(isUnclear(ours(up(1))), 'it has never ended')
  t.notOk(isUnclear(ours(up(60), { restarts: 9 })))
})

t.test('age, untilStart: not negative, whatever the clock', async (t) => {
  t.equal(age(ours(up(-5))), 0)
  t.equal(untilStart(ours(down(1), { nextStart: fromUnix(now / 1000 + 3, 0) })), 3000)
  t.equal(untilStart(ours(down(1), { nextStart: ago(1) })), 0)
  t.equal(untilStart(ours(down(1))), undefined)
})
