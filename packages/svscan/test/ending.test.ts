import t from 'tap'
import { exitCodeOf } from '../src/ending.ts'

t.test('exitCodeOf: as a shell would tell it', async (t) => {
  t.equal(exitCodeOf({ code: 0 }), 0)
  t.equal(exitCodeOf({ code: 7 }), 7)
  t.equal(exitCodeOf({ code: 255 }), 255)
  t.equal(exitCodeOf({ signal: 9 }), 137)
  t.equal(exitCodeOf({ signal: 15 }), 143)
  t.equal(exitCodeOf('unknown'), 111)
})
