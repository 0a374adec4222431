import t from 'tap'
import { parseRequest } from '../src/letters.ts'

t.test('parseRequest: letters once each, in the order of their first appearance', async (t) => {
  t.strictSame(parseRequest(['svc', '-uud', '-q12q1x', 'a', 'b']), { letters: 'udq12x', directories: ['a', 'b'] })
  t.strictSame(parseRequest(['svc']), { letters: '', directories: [] })
})

t.test('parseRequest: usage of 0.76 with the words of the sigq12 patch', async (t) => {
  t.strictSame(parseRequest(['/command/svc', '-w', 'a']), {
    complaints: [
      'svc: illegal option -- w',
      'svc options: u up, d down, o once, x exit, p pause, c continue, h hup, a alarm, i interrupt, t term, k kill, q quit, 1 usr1, 2 usr2',
    ],
  })
})
