import t from 'tap'
import type { Batch } from '../src/logs.ts'
import type { Log } from '../src/places.ts'
import { Show } from '../src/show.ts'
import type { LogLine } from '../src/source.ts'

const log: Log = { name: 'mail', path: '/x', service: undefined }
const batchOf = (...lines: LogLine[]): Batch => ({ lines, logs: lines.map(() => log) })
const place = '@4000000037c219bf2ef02e94'
const tell = (seconds: number): string | undefined => (seconds < 1e11 ? new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ') : undefined)

t.test('show: the time, the service, the line', async (t) => {
  const show = new Show({ tell, width: 6 })
  t.equal(
    show.text(batchOf({ place, isLabelled: true, text: 'a\x1b' }, { place, isLabelled: false, text: 'b' }, { place, isLabelled: true, text: 'exited 3', event: 'exited' }, { place: '@5000000037c219bf2ef02e94', isLabelled: true, text: 'c' })),
    '1999-08-24 04:04:05.787492 mail   | a\\x1b\n' + `${' '.repeat(26)} mail   | b\n` + '1999-08-24 04:04:05.787492 mail   * exited 3\n' + `${' '.repeat(26)} mail   | @5000000037c219bf2ef02e94 c\n`,
  )
})
