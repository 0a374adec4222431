import * as fs from 'node:fs'
import { join } from 'node:path'
import { packStatus } from '@daemontools-ts/servicedir'
import t from 'tap'
import { events, look, past } from '../src/events.ts'
import { ago, down, ours, up } from './model.ts'

t.test('events: an iterable that a signal ends', async (t) => {
  const root = t.testdir({ web: { run: '', supervise: { status: packStatus(down(60)) } } })
  const ending = new AbortController()
  const all = events(root, { signal: ending.signal })
  const first = all.next()
  // Asked for the first, it looks; from then on it tells.
  setImmediate(() => fs.writeFileSync(join(root, 'web/supervise/status'), packStatus(up(1, { pid: process.pid }))))
  const { value } = await first
  t.match(value, { name: 'web', path: join(root, 'web'), event: 'started', pid: process.pid })
  const second = all.next()
  setImmediate(() => fs.rmSync(join(root, 'web'), { recursive: true }))
  let event = (await second).value
  while (event !== undefined && event.event !== 'removed') event = (await all.next()).value
  t.match(event, { name: 'web', event: 'removed' })
  const last = all.next()
  setImmediate(() => ending.abort())
  t.same(await last, { done: true, value: undefined })
})

t.test('events: a folder that is not there is said', async (t) => {
  await t.rejects(events(join(t.testdir({}), 'nowhere')).next(), { code: 'ENOENT' })
})

t.test('look: services and their logs, by path', async (t) => {
  const root = t.testdir({ web: { log: {} }, mail: {} })
  const places = ['mail', 'web'].map((name) => ({ name, path: join(root, name), isInRoot: true }))
  t.same([...look(places, root).values()].map(({ name }) => name), ['mail', 'web', 'web/log'])
})

t.test('past: oldest first', async (t) => {
  const told = past([ours(up(60)), ours(up(5), { lastExit: { ending: { code: 1 }, at: ago(90) } })])
  t.same(told.map(({ event }) => event), ['ended', 'started', 'started'])
})
