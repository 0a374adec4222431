import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoriesOfService, watchDirectories } from '../src/watch.ts'

/** Only the kernel can wake it. */
const never = (): number => 3_600_000

t.test('watchDirectories: at once, and then at each change', async (t) => {
  const folder = t.testdir({ one: { status: 'old' }, two: {} })
  const ending = new AbortController()
  const looks = watchDirectories(() => [join(folder, 'one'), join(folder, 'two'), join(folder, 'nowhere')], ending.signal, never)
  t.same(await looks.next(), { done: false, value: undefined })
  const changes = [
    () => fs.writeFileSync(join(folder, 'two/new'), ''),
    () => fs.writeFileSync(join(folder, 'one/status'), 'new'), // over the old one, as state.json is
    () => fs.renameSync(join(folder, 'two/new'), join(folder, 'one/status')),
    () => fs.unlinkSync(join(folder, 'one/status')),
  ]
  for (const change of changes) {
    const look = looks.next()
    setImmediate(change)
    const { value } = await look
    t.ok(value instanceof Set && [...value].every((directory) => /\/(one|two)$/.test(directory)), change.toString())
  }
  const last = looks.next()
  setImmediate(() => ending.abort())
  t.equal((await last).done, true, 'the signal ends it')
})

t.test('watchDirectories: what changes while it is looked at is looked at again', async (t) => {
  const folder = t.testdir({ one: {} })
  const looks = watchDirectories(() => [join(folder, 'one')], AbortSignal.timeout(60_000), never)
  await looks.next()
  fs.writeFileSync(join(folder, 'one/file'), '')
  t.same((await looks.next()).value, new Set([join(folder, 'one')]))
  await looks.return()
})

t.test('watchDirectories: a pause that has passed is a look, without a change', async (t) => {
  const looks = watchDirectories(() => [], undefined, () => 1)
  for (let look = 0; look < 3; look++) t.same(await looks.next(), { done: false, value: undefined }, 'then anything may have changed')
  await looks.return()
})

t.test('directoriesOfService: of its own, and of its log', async (t) => {
  t.same(directoriesOfService('/service/web'), ['/service/web/supervise', '/service/web/log/supervise'])
})
