/** What of it needs no other process: the rest is in test/svscan.test.ts. */
import t from 'tap'
import { isAskedWhetherItStarts, resumed } from '../src/upgrade.ts'

t.test('isAskedWhetherItStarts: by that one question', async (t) => {
  t.equal(isAskedWhetherItStarts(['svscan', '--can-take-over=1']), true)
  for (const args of [['svscan'], ['svscan', '/service'], ['svscan', '--can-take-over=2'], ['svscan', '--can-take-over'], ['svscan', '--can-take-over=1', 'x'], ['--can-take-over=1']]) {
    t.equal(isAskedWhetherItStarts(args), false, args.join(' '))
  }
})

t.test('resumed: nothing, if it was started anew', async (t) => {
  t.equal(resumed(), undefined)
})
