import t from 'tap'
import { causeLines } from '../src/causes.ts'
import { fine, looping, takenDown } from './model.ts'

t.test('causeLines: cause, advice, command; what is fine only where there is nothing else', async (t) => {
  const view = { width: 40, color: false }
  t.same(causeLines([fine], view), ['why: nothing is wrong: it runs since 1h'])
  t.same(causeLines([fine, { ...takenDown, advice: 'start it, if that is what you want now' }], view), [
    'why: it was taken down (svc -d), 5m ago',
    '  start it, if that is what you want now',
    '  try: svctl up old',
  ])
  t.equal(causeLines([looping], view).length, 4)
})

t.test('causeLines: a command is never broken', async (t) => {
  const command = 'chmod +x /a/very/long/path/that/does/not/fit/into/a/line/run'
  t.ok(causeLines([{ ...looping, command }], { width: 30, color: false }).includes(`  try: ${command}`))
})
