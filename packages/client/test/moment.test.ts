import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { millisecondsOf, span } from '../src/moment.ts'

t.test('span: at most two units', async (t) => {
  const spans: [number, string][] = [[-5, '0s'], [999, '0s'], [59_999, '59s'], [60_000, '1m'], [302_000, '5m 2s'], [3_600_000, '1h'], [15_000_000, '4h 10m'], [86_400_000, '1d'], [1_048_000_000, '12d 3h']]
  for (const [milliseconds, text] of spans) t.equal(span(milliseconds), text)
})

t.test('millisecondsOf: a label as Unix time', async (t) => {
  t.equal(millisecondsOf(fromUnix(1000, 500_000_000)), 1_000_500)
})
