import { readFileSync } from 'node:fs'
import { toUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { readTime } from '../src/clock.ts'

t.test('readTime: the wall\'s clock, and the kernel\'s that is the same for every process of this boot', async (t) => {
  const before = Date.now()
  const { label, monotonic, random } = readTime()
  t.ok(Math.abs(toUnix(label) * 1000 + label.nanoseconds / 1e6 - before) < 1000)
  // Nothing else tells CLOCK_MONOTONIC; without suspension it is the uptime.
  const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000
  t.ok(monotonic <= uptime + 100 && monotonic > 0, `${monotonic} of ${uptime}`)
  t.ok(random >= 0 && random < 1)
  t.ok(readTime().monotonic >= monotonic)
})
