import { once } from 'node:events'
import t from 'tap'
import { Signals } from '../src/signals.ts'

t.test('signals are noted, and wake who waits', async (t) => {
  const signals = new Signals()
  // What waits for signals does not keep a process alive.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  t.equal(signals.takeAlarm(), false)
  const next = signals.next()
  process.kill(process.pid, 'SIGALRM')
  await next
  t.equal(signals.takeAlarm(), true)
  t.equal(signals.takeAlarm(), false, 'once')
  t.equal(signals.terminated, false)
  const heard = once(process, 'SIGTERM')
  process.kill(process.pid, 'SIGTERM')
  await heard
  t.equal(signals.terminated, true)
})
