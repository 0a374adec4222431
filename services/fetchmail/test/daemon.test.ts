import t from 'tap'
import { doing, findFetchmails, whatDoes } from '../src/daemon.ts'

const masks = (caught: string, ignored: string): string => `Name:\tfetchmail\nSigIgn:\t${ignored}\nSigCgt:\t${caught}\n`

t.test('doing: by what a fetchmail does with USR1', async (t) => {
  // as seen in /proc/PID/status of 6.4.37
  t.equal(doing('fetchmail', masks('0000000020016226', '0000000000001000')), 'sleeping')
  t.equal(doing('fetchmail', masks('0000000020016026', '0000000000001200')), 'polling')
  t.equal(doing('fetchmail', masks('0000000000000000', '0000000000000000')), 'starting')
  t.equal(doing('sleep', masks('0000000020016226', '0000000000001000')), 'other')
  t.equal(doing('fetchmail', ''), 'starting')
})

t.test('whatDoes asks the kernel; findFetchmails too', async (t) => {
  t.equal(whatDoes(process.pid), 'other')
  t.equal(whatDoes(0), undefined)
  t.equal(whatDoes(4194305), undefined)
  t.ok(findFetchmails().every((pid) => pid > 0 && pid !== process.pid))
})
