import t from 'tap'
import { nearest } from '../src/nearest.ts'

t.test('nearest: the word that was meant', async (t) => {
  t.equal(nearest('lss', ['ls', 'why']), 'ls')
  t.equal(nearest('--jsn', ['--json', '--root']), '--json')
  t.equal(nearest('statsu', ['status', 'restart']), 'status')
  t.equal(nearest('nothing', ['ls', 'why']), undefined)
})
