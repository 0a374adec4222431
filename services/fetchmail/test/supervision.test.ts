import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { packStatus } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { command, readSupervision } from '../src/supervision.ts'

t.test('readSupervision: nothing there is nobody supervising', async (t) => {
  t.same(readSupervision('/no/such/directory'), { supervised: false, status: undefined, record: undefined, reason: undefined })
})

t.test('readSupervision reads status and reason, and asks whether somebody listens', async (t) => {
  const directory = t.testdir({ supervise: { reason: 'x - y\n' } })
  writeFileSync(directory + '/supervise/status', packStatus({ changed: fromUnix(1, 0), pid: 7, paused: false, want: 'up' }))
  for (const name of ['ok', 'control']) spawnSync('mkfifo', [`${directory}/supervise/${name}`])
  t.match(readSupervision(directory), { supervised: false, status: { pid: 7, want: 'up' }, record: undefined, reason: 'x - y' })
  t.throws(() => command(directory, 'u'), { code: 'ENXIO' })
  const listening = ['ok', 'control'].map((name) => openSync(`${directory}/supervise/${name}`, constants.O_RDONLY | constants.O_NONBLOCK))
  t.equal(readSupervision(directory).supervised, true)
  command(directory, 'u')
  const read = Buffer.alloc(4)
  t.equal(read.toString('latin1', 0, readSync(listening[1]!, read)), 'u')
  listening.forEach(closeSync)
  t.equal(readFileSync(directory + '/supervise/reason', 'utf8'), 'x - y\n')
})
