import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const alertFile = fileURLToPath(new URL('../src/alert.js', import.meta.url))

function alerted(line: string): string {
  const program = `import { alert } from ${JSON.stringify(alertFile)}; const b = Buffer.from(${JSON.stringify(`<${line}>`)}, 'latin1'); alert(b, 1, b.length - 1)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'latin1', env: {} }).stderr
}

t.test('a line of 200 bytes is shown whole, a longer one is cut', async (t) => {
  t.equal(alerted(''), '\n')
  t.equal(alerted('caf\xe9'), 'caf\xe9\n')
  t.equal(alerted('y'.repeat(200)), `${'y'.repeat(200)}\n`)
  t.equal(alerted('y'.repeat(201)), `${'y'.repeat(200)}...\n`)
})

t.test('nobody minds that stderr is closed', async (t) => {
  const program = `import { alert } from ${JSON.stringify(alertFile)}; import fs from 'node:fs'; fs.closeSync(2); alert(Buffer.from('x'), 0, 1); console.log('survived')`
  t.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env: {} }), 'survived\n')
})
