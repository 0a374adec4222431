import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../src/svctl.ts'

t.test('version: that of the package', async (t) => {
  const { version: named } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
  t.equal(version, named)
})
