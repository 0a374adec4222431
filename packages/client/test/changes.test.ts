import fc from 'fast-check'
import t from 'tap'
import { changesBetween, historyOf } from '../src/changes.ts'
import type { Facts } from '../src/facts.ts'
import { ago, down, exit, foreign, healthy, now, ours, up } from './model.ts'

const words = (before: Facts | undefined, after: Facts | undefined): string[] =>
  changesBetween(before, after).map((event) => ('exit' in event ? `ended ${JSON.stringify(event.exit)} ${event.missed}` : event.event))

t.test('changesBetween: what happened', async (t) => {
  t.same(words(undefined, healthy()), ['supervised'])
  t.same(words(healthy(), undefined), ['removed'])
  t.same(words(healthy(), healthy({ supervision: 'absent' })), ['unsupervised'])
  t.same(words(ours(up(60)), ours(down(1), { lastExit: exit(3, 1) })), ['ended {"code":3} 0'])
  t.same(words(ours(down(5), { lastExit: exit(3, 5) }), ours(up(1), { lastExit: exit(3, 5) })), ['started'])
  t.same(words(ours(up(60)), ours(up(1), { lastExit: exit(3, 2), restarts: 3 })), ['ended {"code":3} 2', 'started'], 'two that nobody saw')
  t.same(words(foreign(up(60)), foreign(up(1, { pid: 43 }))), ['ended {"unknown":true} 0', 'started'])
  t.same(words(foreign(up(60)), foreign(down(1))), ['ended {"unknown":true} 0'])
  t.same(words(ours(up(60)), ours(up(60), { ready: ago(1) })), ['ready'])
  t.same(words(ours(up(60)), ours(up(60, { paused: true }))), ['paused'])
  t.same(words(ours(up(60, { paused: true })), ours(up(60))), ['continued'])
  t.same(words(ours(up(60)), ours(up(60, { want: 'down' }))), ['wanted'])
  t.same(words(ours(up(60)), ours(down(1, { want: 'once' }), { lastExit: exit(3, 1), failed: true })), ['ended {"code":3} 0', 'failed', 'wanted'])
  t.same(words(ours(up(60)), ours(down(1), { phase: 'finishing', lastExit: exit(3, 1) })), ['ended {"code":3} 0', 'finishing'])
})

t.test('changesBetween: the times are those of the files', async (t) => {
  t.same(changesBetween(ours(up(60)), ours(up(1), { lastExit: exit(3, 2) })).map(({ at }) => now - at.getTime()), [2000, 1000])
})

t.test('changesBetween: nothing has changed between two looks at the same', async () => {
  const states = [healthy(), ours(up(60), { ready: ago(1), restarts: 4, lastExit: exit(3, 70) }), ours(down(3), { lastExit: exit(3, 3), failed: true }), foreign(up(3)), foreign(down(3)), healthy({ supervision: 'never', status: undefined })]
  fc.assert(fc.property(fc.constantFrom(...states), (facts) => changesBetween(facts, { ...facts }).length === 0))
})

t.test('historyOf: what the files tell', async (t) => {
  t.same(historyOf(ours(up(60), { ready: ago(50), lastExit: exit(3, 70) })).map(({ event, at }) => [event, now - at.getTime()]), [['ended', 70_000], ['started', 60_000], ['ready', 50_000]])
  t.same(historyOf(foreign(down(3))), [])
})
