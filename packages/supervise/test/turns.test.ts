import t from 'tap'
import { Turns } from '../src/turns.ts'

/** Turns whose directory answers when it is told to. */
function furnish() {
  const answers: ((answers: boolean) => void)[] = []
  const heard: unknown[] = []
  const turns = new Turns(() => new Promise((resolve) => answers.push(resolve)), (answer) => heard.push(answer))
  const say = (word: string) => (): void => void heard.push(word)
  const pass = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return { turns, answers, heard, say, pass }
}

t.test('take: at once, where nothing can hang', async (t) => {
  const { turns, heard, say } = furnish()
  turns.take(() => (turns.take(say('inner')), say('outer')()))
  t.strictSame(heard, ['inner', 'outer'])
  t.ok(turns.isIdle)
})

t.test('take: after the directory has answered, or has not; one after the other', async (t) => {
  const { turns, answers, heard, say, pass } = furnish()
  turns.mayHang = true
  turns.take(say('a'))
  turns.take(() => (turns.take(say('b1')), say('b2')()))
  await pass()
  t.strictSame([heard, answers.length, turns.isIdle], [[], 1, false])
  answers[0]!(true)
  await pass()
  t.strictSame([heard, answers.length, turns.isIdle], [[true, 'a'], 2, false])
  answers[1]!(false)
  await pass()
  t.strictSame([heard, turns.isIdle], [[true, 'a', false, 'b1', 'b2'], true])
})

t.test('take: the order holds when it cannot hang any more', async (t) => {
  const { turns, answers, heard, say, pass } = furnish()
  turns.mayHang = true
  turns.take(say('a'))
  turns.take(say('b'))
  await pass()
  turns.mayHang = false
  turns.take(say('c'))
  t.strictSame(heard, [])
  answers[0]!(true)
  await pass()
  t.strictSame(heard, [true, 'a', true, 'b', true, 'c'])
  turns.take(say('d'))
  t.equal(heard.at(-1), 'd')
})
