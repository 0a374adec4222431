/** options.ts. */
import fc from 'fast-check'
import t from 'tap'
import { readOptions } from './options.ts'

const words = ['start', 'start-envdir', 'link']

t.test('options and their defaults', async (t) => {
  t.match(readOptions([], words), { rounds: 7, quick: false, large: false, only: [], minutes: 45 })
  t.match(readOptions(['--only', 'link,start', '--json', 'a', '--markdown', 'b', '--large'], words), { only: ['link', 'start'], json: 'a', markdown: 'b', large: true })
})

t.test('a quick run has two rounds, if nothing else is said', async (t) => {
  t.equal(readOptions(['--quick'], words).rounds, 2)
  t.equal(readOptions(['--rounds', '9', '--quick'], words).rounds, 9)
})

t.test('what is wrong is said', async (t) => {
  t.throws(() => readOptions(['--only', 'link,nonsense'], words), { message: '--only: expected some of start, start-envdir, link; got "nonsense"' })
  t.throws(() => readOptions(['--rounds', '0'], words), { message: '--rounds: expected a number from 1 to 1000, got 0' })
  t.throws(() => readOptions(['--rounds'], words), { message: /^usage: / })
  t.throws(() => readOptions(['--fast', '1'], words), { message: /^usage: / })
})

t.test('whatever is given, it is read or refused with a sentence', async () => {
  const word = fc.oneof(fc.constantFrom('--only', '--rounds', '--quick', '--json', '--minutes', 'link', '7'), fc.string())
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      try {
        const { rounds, minutes } = readOptions(args, words)
        return Number.isInteger(rounds) && rounds > 0 && minutes > 0
      } catch (error) {
        return error instanceof Error && error.message !== ''
      }
    }),
  )
})
