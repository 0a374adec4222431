import t from 'tap'
import { arrange } from '../src/processes.ts'
import { describe } from '../src/service.ts'
import { ago, down, exit, foreign, healthy, now, ours, up } from './model.ts'

t.test('describe: what is known, and null for what is not', async (t) => {
  t.match(describe(foreign(up(60))), { state: 'up', want: 'up', pid: 42, since: new Date(now - 60_000), ready: null, restarts: null, lastExit: null, nextStart: null, normallyUp: true, usage: null, log: null })
  t.match(describe(ours(down(2), { restarts: 3, lastExit: exit(111, 2) })), { pid: null, restarts: 3, lastExit: { code: 111, meaning: /system refuses/, at: new Date(now - 2000) } })
  t.match(describe(ours(down(2), { lastExit: { ending: { signal: 9 }, at: ago(2) } })), { lastExit: { signal: 'SIGKILL' } })
  t.match(describe(ours(up(2), { ready: ago(1) }, { files: new Map([['check', '']]) })), { state: 'ready', ready: true })
  t.match(describe(healthy({ status: undefined, record: undefined, supervision: 'never' })), { since: null, sinceTai64n: null, want: null })
})

t.test('describe: what it takes, all below it included; not if another runs there', async (t) => {
  const one = { pid: 42, parent: 1, command: 'x', state: 'S', ticks: 100, startTime: 0, memoryBytes: 5 }
  const processes = arrange([one, { ...one, pid: 43, parent: 42 }])
  t.same(describe(healthy(), processes, 100).usage, { processes: 2, cpuPercent: 2, memoryBytes: 10 })
  t.equal(describe(healthy({ processState: undefined }), processes, 100).usage, null)
})
