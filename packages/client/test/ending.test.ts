import t from 'tap'
import { endingText, meaningOf } from '../src/ending.ts'

t.test('endingText: how it ended', async (t) => {
  t.equal(endingText({ code: 3 }), 'exited 3')
  t.equal(endingText({ signal: 11 }), 'killed by SIGSEGV')
  t.equal(endingText('unknown'), 'ended, nobody knows how')
  t.equal(endingText({ signal: 40 }), 'killed by 40')
})

t.test('meaningOf: what everybody means by a code, and nothing where it is the program\'s own', async (t) => {
  t.match(meaningOf({ code: 111 }), /the system refuses/)
  t.match(meaningOf({ code: 127 }), /did not find/)
  t.match(meaningOf({ code: 78 }), /configuration/)
  t.match(meaningOf({ signal: 31 }), /forbidden/)
  t.equal(meaningOf({ code: 137 }), 'a program below it was killed by SIGKILL')
  for (const code of [1, 2, 3, 128, 200, 255]) t.equal(meaningOf({ code }), undefined, `${code}`)
  t.match(meaningOf('unknown'), /nobody watched/)
})
