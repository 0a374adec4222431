import t from 'tap'
import { signalLetters, verbs } from '../src/verbs.ts'

t.test('verbs, signalLetters: each of svc\'s letters but x has a word', async (t) => {
  const letters = Object.values(verbs).flatMap(({ letters }) => [...letters])
  t.same([...new Set(letters)].sort(), ['1', '2', 'a', 'c', 'd', 'h', 'i', 'k', 'o', 'p', 'q', 't', 'u'])
  t.equal(signalLetters.get('USR1'), '1')
  t.equal(signalLetters.get('WINCH'), undefined)
})
