import t from 'tap'
import { endingOfExit, exitText } from '../src/exit.ts'

t.test('exits for a column, and in words', async (t) => {
  t.same([{ code: 0 }, { signal: 'SIGKILL' }, { unknown: true } as const].map(endingOfExit), ['0', 'KILL', '?'])
  t.same([{ code: 0 }, { signal: 'SIGKILL' }, { unknown: true } as const].map(exitText), ['exited 0', 'killed by SIGKILL', 'ended, nobody knows how'])
})
