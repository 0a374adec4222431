import t from 'tap'
import { isAsleep } from '../src/fetchmail-log.ts'

// As fetchmail 6.4.37 wrote them.
const starting = '@400000006b02960b134ee7d4 *** Starting fetchmail service...\n'
const polling = '@400000006b02960b134ee7d4 fetchmail: 6.4.37 querying pop.example.net (protocol APOP) at Sun Nov 22 07:04:39 2026: poll started\n'
const sleeping = '@400000006b02960b134ee7d4 fetchmail: sleeping at Sun Nov 22 07:04:39 2026 for 551 seconds\n'
const awake = '@400000006b02960b134ee7d4 fetchmail: awakened by signal 10\n'

t.test('fetchmail is asleep when that is the last thing that it did', async (t) => {
  for (const log of [starting + polling + sleeping, starting + polling + sleeping + awake + polling + sleeping]) t.ok(isAsleep(log), log)
  for (const log of ['', starting, starting + polling, starting + polling + sleeping + awake, starting + polling + sleeping + starting]) t.notOk(isAsleep(log), log)
})
