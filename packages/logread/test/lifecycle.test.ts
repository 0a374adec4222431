import type { StateRecord } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { happeningsIn } from '../src/lifecycle.ts'

const record: StateRecord = {
  phase: 'up', want: 'up', paused: false, exiting: false, failed: false, process: { pid: 42, startTime: 7 }, bootId: '', changed: fromUnix(20, 0), ready: fromUnix(21, 0), restarts: 1,
  lastExit: { ending: { code: 3 }, at: fromUnix(10, 0) }, nextStart: undefined, delay: 0, monotonic: { started: 0, notBefore: 0, killAt: undefined }, keepers: [],
}
const words = (change: Partial<StateRecord>): string[] => happeningsIn({ ...record, ...change }).map(({ text }) => text)

t.test('lifecycle: the last end, the last start and readiness, in order', async (t) => {
  t.same(words({}), ['exited 3', 'started (pid 42)', 'ready'])
  t.same(words({ ready: undefined, lastExit: undefined }), ['started (pid 42)'])
  t.same(words({ phase: 'down', process: undefined, lastExit: { ending: { signal: 9 }, at: fromUnix(20, 0) } }), ['killed by SIGKILL'])
  t.same(words({ phase: 'finishing', lastExit: { ending: 'unknown', at: fromUnix(20, 0) } }), ['ended, nobody knows how'], 'the process is finish')
})
