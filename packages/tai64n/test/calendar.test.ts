import { setTimeZone } from '@daemontools-ts/unix'
import t from 'tap'
import { tellLocal } from '../src/calendar.ts'

t.test('tellLocal: any value of TZ that the C library understands', async (t) => {
  const expected: [string, string][] = [
    ['UTC', '1999-08-24 04:04:05'],
    ['PST8PDT,M4.1.0,M10.5.0', '1999-08-23 21:04:05'],
    ['XYZ-3:30', '1999-08-24 07:34:05'],
  ]
  for (const [zone, text] of expected) {
    setTimeZone(zone)
    t.equal(tellLocal(935467445n), text, zone)
  }
})

t.test('tellLocal: years are not padded, and there is an end', async (t) => {
  setTimeZone('UTC')
  t.equal(tellLocal(-60000000000n), '68-09-03 13:20:00')
  t.equal(tellLocal(2n ** 63n - 1n), undefined)
})
