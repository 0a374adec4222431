import t from 'tap'
import { alert } from '../src/alert.ts'

function alerted(line: string): string {
  const text = Buffer.from(`<${line}>`, 'latin1')
  return alert(text, 1, text.length - 1)
}

t.test('a line of 200 bytes is shown whole, a longer one is cut', async (t) => {
  t.equal(alerted(''), '')
  t.equal(alerted('caf\xe9'), 'caf\xe9')
  t.equal(alerted('y'.repeat(200)), 'y'.repeat(200))
  t.equal(alerted('y'.repeat(201)), `${'y'.repeat(200)}...`)
})
