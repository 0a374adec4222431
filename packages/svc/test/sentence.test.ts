import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { sentence } from '../src/sentence.ts'

const say = (pid: number, want: 'up' | 'down' | 'once', paused: boolean, hasDownFile: boolean, age = 2): string =>
  sentence({ changed: fromUnix(1000, 0), pid, paused, want }, hasDownFile, 1000 + age)

t.test('sentence: svstat\'s words in its order', async (t) => {
  t.equal(say(9, 'up', false, false), 'up (pid 9) 2 seconds')
  t.equal(say(9, 'up', false, true), 'up (pid 9) 2 seconds, normally down')
  t.equal(say(9, 'down', true, true), 'up (pid 9) 2 seconds, normally down, paused, want down')
  t.equal(say(9, 'once', false, false), 'up (pid 9) 2 seconds')
  t.equal(say(0, 'up', false, false), 'down 2 seconds, normally up, want up')
  t.equal(say(0, 'down', false, false), 'down 2 seconds, normally up')
  t.equal(say(0, 'down', true, true), 'down 2 seconds')
  t.equal(say(0, 'up', false, true, 1), 'down 1 seconds, want up', 'one second is "1 seconds"')
})

t.test('sentence: a time in the future counts as now', async (t) => {
  t.equal(say(9, 'up', false, false, -50), 'up (pid 9) 0 seconds')
})
