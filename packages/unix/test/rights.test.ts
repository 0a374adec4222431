import { spawn } from 'node:child_process'
import t from 'tap'
import { differenceOf, ownRights, type Rights, rightsOf } from '../src/rights.ts'
import { until } from './until.ts'

t.test('a child has our rights', async (t) => {
  const child = spawn('sleep', ['100'])
  t.teardown(() => child.kill())
  t.strictSame(rightsOf(child.pid!), ownRights())
  t.equal(differenceOf(ownRights(), rightsOf(child.pid!)), undefined)
})

t.test('a limit on the size of files is a difference', async (t) => {
  const child = spawn('/bin/sh', ['-c', 'ulimit -S -f 100; exec sleep 100'])
  t.teardown(() => child.kill())
  await until('the limit', () => differenceOf(ownRights(), rightsOf(child.pid!)) === 'limit on file sizes')
})

t.test('another group is a difference', { skip: process.getuid!() !== 0 && 'needs root' }, async (t) => {
  const child = spawn(process.execPath, ['-e', 'process.setgroups([4, 20]); setInterval(() => undefined, 1e6)'])
  t.teardown(() => child.kill())
  await until('the groups', () => differenceOf(ownRights(), rightsOf(child.pid!)) === 'groups')
})

t.test('each of them counts, and what cannot be seen is different', async (t) => {
  const own = ownRights()
  for (const name of Object.keys(own) as (keyof Rights)[]) t.equal(differenceOf(own, { ...own, [name]: 'another' }), name)
  const nobody = rightsOf(2 ** 30)
  t.equal(differenceOf(nobody, nobody), 'user')
  const unlabelled = { ...own, 'security label': undefined }
  t.equal(differenceOf(unlabelled, unlabelled), undefined, 'not every kernel has labels')
})
