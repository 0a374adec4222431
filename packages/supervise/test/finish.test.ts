import fc from 'fast-check'
import t from 'tap'
import { finishArguments } from '../src/finish.ts'

t.test('finishArguments: as s6 has them', async (t) => {
  t.strictSame(finishArguments({ code: 0 }, 'x'), ['0', '0', 'x'])
  t.strictSame(finishArguments({ code: 111 }, 'x'), ['111', '0', 'x'])
  t.strictSame(finishArguments({ signal: 9 }, 'x'), ['256', '9', 'x'])
  t.strictSame(finishArguments('unknown', 'x'), ['256', '0', 'x'])
})

t.test('finishArguments: the name is the last part of the path', async (t) => {
  const name = (dir: string) => finishArguments({ code: 0 }, dir)[2]
  t.equal(name('/service/fetchmail'), 'fetchmail')
  t.equal(name('/service/fetchmail/'), 'fetchmail')
  t.equal(name('fetchmail//'), 'fetchmail')
  t.equal(name('fetchmail/log'), 'log')
  t.equal(name('.'), '.')
  t.equal(name('/'), '')
  fc.assert(fc.property(fc.string().map((text) => text.replaceAll('/', '')), fc.string(), fc.nat(3), (text, above, slashes) => text === '' || name(`${above}/${text}${'/'.repeat(slashes)}`) === text))
})
