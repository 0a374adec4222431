import t from 'tap'
import { endingOf } from '../src/ending.ts'

t.test('endingOf: what the C fghack was seen to say', async (t) => {
  for (const code of [0, 7, 100, 111, 255]) t.strictSame(endingOf({ code }, 0n), { code })
  t.strictSame(endingOf({ signal: 9 }, 0n), { complaint: 'child crashed' })
  const chld = 1n << 16n
  t.strictSame(endingOf({ code: 0 }, chld), { complaint: 'wait failed', errno: 10 })
  t.strictSame(endingOf({ signal: 9 }, chld | 1n), { complaint: 'wait failed', errno: 10 })
  t.strictSame(endingOf({ code: 3 }, ~chld), { code: 3 }, 'other signals do not matter')
})
