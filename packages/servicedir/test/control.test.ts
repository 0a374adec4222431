import t from 'tap'
import { controls, isLetter } from '../src/control.ts'

t.test('controls: the letters of 0.76 and of the sigq12 patch, in the order of svc\'s usage', async (t) => {
  t.equal([...controls.keys()].join(''), 'udoxpchaitkq12')
  t.equal(controls.get('1')?.signal, 'SIGUSR1')
  t.equal(controls.get('q')?.signal, 'SIGQUIT')
  t.equal(controls.get('u')?.signal, undefined)
})

t.test('isLetter knows nothing else', async (t) => {
  const known = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).filter(isLetter)
  t.equal(known.sort().join(''), [...'udoxpchaitkq12'].sort().join(''))
})
