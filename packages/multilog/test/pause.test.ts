import { join } from 'node:path'
import t from 'tap'
import { makeFolder, ours, start, until } from './programs.ts'

t.test('it says what is wrong in djb\'s words, goes on saying it, and HUP still kills', async (t) => {
  const folder = makeFolder(t)
  const { child, said, end } = start(ours, ['s4096', '!exit 1', join('.', 'd')].map((arg) => (arg === 'd' ? './d' : arg)), folder, 'pipe')
  child.stdin!.write('line\n'.repeat(2000))
  const warning = 'multilog: warning: processor failed in ./d, pausing\n'
  await until('two warnings', () => said() === warning + warning)
  child.kill('SIGHUP')
  t.match(await end, { code: null, signal: 'SIGHUP' })
})
