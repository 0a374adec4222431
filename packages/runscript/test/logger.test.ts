import t from 'tap'
import { findLogger } from '../src/logger.ts'
import { parseScript } from '../src/parse.ts'

const directories = (script: string): string[] | undefined => findLogger(parseScript(script))?.directories.map(({ text }) => text)

t.test('logger: its directories', async (t) => {
  t.same(directories("#!/bin/sh\nexec setuidgid multilog multilog t s1000000 '-* debug *' /var/log/x '+*' ./all"), ['/var/log/x', './all'])
  t.same(directories('exec chpst -ulog svlogd -tt -l 80 ./main other'), ['./main', 'other'])
  t.same(directories('exec s6-log n20 s1000000 T /var/log/y'), ['/var/log/y'])
  t.same(directories('exec multilog t "$LOG"'), ['$LOG'])
  t.same(directories('exec cat'), undefined)
})

t.test('logger: where it runs', async (t) => {
  t.equal(findLogger(parseScript('cd /var/log/x && exec multilog t .'))?.workingDirectory?.text, '/var/log/x')
  t.equal(findLogger(parseScript('exec multilog t .'))?.workingDirectory?.text, '.')
})
