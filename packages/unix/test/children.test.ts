import { openSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { type End, endOf, reapChildren, waitForChild, whenChildEnds } from '../src/children.ts'
import { findProcess } from '../src/process.ts'
import { spawnLaunch } from '../src/spawn.ts'
import { until } from './until.ts'

const shell = openSync('/bin/sh', 'r')
const start = (command: string): number => spawnLaunch({ program: shell }, { args: ['sh', '-c', command], keep: [] })

t.test('endOf: the status of wait(2)', async (t) => {
  t.strictSame(endOf(0), { code: 0 })
  t.strictSame(endOf(111 << 8), { code: 111 })
  t.strictSame(endOf(0xff00), { code: 255 })
  t.strictSame(endOf(15), { signal: 15 })
  t.strictSame(endOf(11 | 0x80), { signal: 11 }, 'a core was written')
  fc.assert(fc.property(fc.nat(255), (code) => JSON.stringify(endOf(code << 8)) === JSON.stringify({ code })))
  fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), fc.boolean(), (signal, core) => JSON.stringify(endOf(signal | (core ? 0x80 : 0))) === JSON.stringify({ signal })))
})

t.test('waitForChild: how it ended', async (t) => {
  t.strictSame(waitForChild(start('exit 7')), { code: 7 })
  t.strictSame(waitForChild(start('kill -9 $$')), { signal: 9 })
})

t.test('whenChildEnds: each is told of its own, also of one that has ended before', async (t) => {
  const ends = new Map<number, End>()
  const watch = (pid: number): number => {
    whenChildEnds(pid, (end) => {
      t.notOk(ends.has(pid), 'once')
      ends.set(pid, end)
    })
    return pid
  }
  const codes = Array.from({ length: 20 }, (_, code) => code)
  const pids = codes.map((code) => watch(start(`exit ${code}`)))
  const killed = watch(start('kill -TERM $$; sleep 60'))
  const early = start('exit 99')
  while (findProcess(early)?.isZombie === false); // nothing else happens here meanwhile, so it is not reaped
  watch(early)
  await until('all ends', () => ends.size === codes.length + 2)
  t.strictSame(pids.map((pid) => ends.get(pid)), codes.map((code) => ({ code })))
  t.strictSame(ends.get(killed), { signal: 15 })
  t.strictSame(ends.get(early), { code: 99 })
})

t.test('reapChildren: those that nobody asked about too', async (t) => {
  reapChildren()
  const pid = start('exit 1')
  await until('it to be gone', () => findProcess(pid) === undefined)
  t.pass('no zombie is left')
})
