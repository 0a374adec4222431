import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Feed } from './feed.ts'
import { makeFolder, ours, start, until } from './programs.ts'

t.test('ps shows the command with its arguments, pgrep finds its name', async (t) => {
  const folder = makeFolder(t)
  const feed = new Feed(join(folder, 'feed'))
  t.teardown(() => feed.close())
  const { child, end } = start(ours, ['t', '-caf\u00e9*', './d'], folder, feed.reading)
  await until('the title', () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').startsWith('multilog t -caf\u00e9* ./d\0'))
  await until('the name', () => readFileSync(`/proc/${child.pid}/comm`, 'utf8') === 'multilog\n')
  await until('it listens to TERM', () => existsSync(join(folder, 'd/current')))
  child.kill('SIGTERM')
  t.match(await end, { code: 0 })
})
