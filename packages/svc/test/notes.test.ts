import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { type NotedFile, notedFiles, notes } from '../src/notes.ts'

const changed = fromUnix(1000, 500)
const pid = 9
const plain: StateRecord = {
  ...{ phase: 'up', want: 'up', paused: false, exiting: false, failed: false, process: { pid, startTime: 7 }, bootId: 'boot', changed },
  ...{ ready: undefined, restarts: 0, lastExit: undefined, nextStart: undefined, delay: 0, keepers: [] },
  monotonic: { started: 0, notBefore: 0, killAt: undefined },
}
const up: Status = { changed, pid, paused: false, want: 'up' }
const down: Status = { ...up, pid: 0 }
const say = (record: Partial<StateRecord>, status: Status, files: readonly NotedFile[] = notedFiles, at = 1010, nanoseconds = 0): string =>
  notes({ ...plain, ...record }, status, files, { seconds: at, nanoseconds })

t.test('notes: readiness of a service that can tell', async (t) => {
  t.equal(say({}, up), ', not ready')
  t.equal(say({ ready: fromUnix(1003, 999) }, up), ', ready 7 seconds')
  t.equal(say({ ready: fromUnix(1003, 999) }, up, ['check']), ', ready 7 seconds')
  t.equal(say({ ready: fromUnix(2000, 0) }, up, ['notification-fd']), ', ready 0 seconds', 'a time in the future counts as now')
  t.equal(say({ ready: fromUnix(1003, 0) }, up, ['finish', 'restart-delay']), '')
  t.equal(say({ phase: 'down', process: undefined }, down), '', 'what is down is not unready')
})

t.test('notes: the next start, seconds begun included', async (t) => {
  const waiting = (seconds: number, nanoseconds: number): Partial<StateRecord> => ({ phase: 'down', process: undefined, nextStart: fromUnix(seconds, nanoseconds) })
  t.equal(say(waiting(1013, 0), down), ', next start in 3 seconds')
  t.equal(say(waiting(1013, 1), down), ', next start in 4 seconds')
  t.equal(say(waiting(1013, 1), down, notedFiles, 1010, 2), ', next start in 3 seconds')
  t.equal(say(waiting(1010, 1), down), ', next start in 1 seconds')
  t.equal(say(waiting(1010, 0), down), '', 'it is due')
  t.equal(say(waiting(1000, 900), down), '', 'it is late')
  t.equal(say(waiting(1013, 0), down, ['finish', 'check']), '', 'without restart-delay')
})

t.test('notes: finish', async (t) => {
  t.equal(say({ phase: 'finishing', process: { pid: 12, startTime: 8 }, nextStart: fromUnix(1013, 0) }, down), ', finishing')
  t.equal(say({ phase: 'down', process: undefined, failed: true }, down), ', failed')
  t.equal(say({ phase: 'down', process: undefined, failed: true }, down, ['check']), '')
})

t.test('notes: none from a record that does not belong to the status', async (t) => {
  t.equal(say({}, { ...up, pid: 10 }), '')
  t.equal(say({}, { ...up, changed: fromUnix(1000, 501) }), '')
  t.equal(say({}, { ...up, changed: fromUnix(1001, 500) }), '')
  t.equal(say({ phase: 'finishing' }, up), '', 'what finishes has no pid in the status')
  t.equal(say({ phase: 'left', process: undefined, failed: true }, down), '')
})

t.test('notes: together', async (t) => {
  t.equal(say({ phase: 'down', process: undefined, failed: true, nextStart: fromUnix(1020, 0) }, down), ', failed, next start in 10 seconds')
})
