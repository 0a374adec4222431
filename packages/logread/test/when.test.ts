import { fromUnix, formatLabel } from '@daemontools-ts/tai64'
import t from 'tap'
import { type Clock, parseMoment } from '../src/when.ts'

/** An hour ahead of UTC. */
const now = Date.UTC(2026, 10, 27, 18, 30, 5) / 1000
const clock: Clock = {
  now,
  tell: (seconds) => {
    const date = new Date((seconds + 3600) * 1000)
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() }
  },
}
const at = (...date: [number, number, number, number?, number?, number?]): string => formatLabel(fromUnix(Date.UTC(date[0], date[1] - 1, date[2], date[3] ?? 0, date[4] ?? 0, date[5] ?? 0) / 1000, 0))
const ago = (seconds: number): string => formatLabel(fromUnix(now - seconds, 0))

t.test('when: labels, ages and days', async (t) => {
  t.equal(parseMoment('@4000000037c219bf2ef02e94', clock), '@4000000037c219bf2ef02e94')
  for (const [text, age] of [['now', 0], ['10m', 600], ['2h', 7200], ['2h ago', 7200], ['1h30m', 5400], ['10 min ago', 600], ['3 days', 259200], ['45s', 45], ['1 week', 604800]] as const) t.equal(parseMoment(text, clock), ago(age), text)
  t.equal(parseMoment('today', clock), at(2026, 11, 26, 23))
  t.equal(parseMoment('yesterday', clock), at(2026, 11, 25, 23))
})

t.test('when: dates, in local time if they do not say otherwise', async (t) => {
  t.equal(parseMoment('2026-11-27', clock), at(2026, 11, 26, 23))
  t.equal(parseMoment('2026-11-27T10:20', clock), at(2026, 11, 27, 9, 20))
  t.equal(parseMoment('2026-11-27 10:20:30', clock), at(2026, 11, 27, 9, 20, 30))
  t.equal(parseMoment('2026-11-27T10:20:30Z', clock), at(2026, 11, 27, 10, 20, 30))
  t.equal(parseMoment('2026-11-27T10:20:30-02:30', clock), at(2026, 11, 27, 12, 50, 30))
  t.equal(parseMoment('10:20', clock), at(2026, 11, 27, 9, 20))
  t.equal(parseMoment('1999-08-24T04:04:05.7874925Z', clock), formatLabel(fromUnix(Date.UTC(1999, 7, 24, 4, 4, 5) / 1000, 787492500)))
})

t.test('when: the hour that is there twice, and the one that is not there, have an answer', async (t) => {
  const change = Date.UTC(2026, 9, 25, 1) / 1000
  const tell = (seconds: number): ReturnType<Clock['tell']> => ({ ...clock.tell(seconds + (seconds < change ? 3600 : 0)) })
  t.equal(parseMoment('2026-10-25T12:00', { now, tell }), at(2026, 10, 25, 11))
  t.equal(parseMoment('2026-10-24T12:00', { now, tell }), at(2026, 10, 24, 10))
  t.ok(parseMoment('2026-10-25T02:30', { now, tell }))
})

t.test('when: anything else is none', async (t) => {
  for (const text of ['', ' ', 'x', '@', '@4000000037c219bf', '2026-13-01', '2026-02-30', '25:00', '10', '10x', 'ago', '-5m', '2026-11-27T', '5m 2026-11-27']) t.equal(parseMoment(text, clock), undefined, text)
})
