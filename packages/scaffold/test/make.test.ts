import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { make } from '../src/make.ts'

t.test('make: nothing is replaced, and half of it does not stay', async (t) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'daemontools-test-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true, force: true }))
  const items = [{ make: 'directory', path: `${folder}/a`, mode: 0o755 }, { make: 'file', path: `${folder}/a/run`, mode: 0o755, content: 'x' }] as const
  const nobody = (): never => {
    throw new Error('no account')
  }
  t.throws(() => make({ items: [...items, { make: 'file', path: `${folder}/a/conf`, mode: 0o600, content: '', owner: 'x' }], next: [] }, nobody), /no account/)
  t.same(fs.readdirSync(folder), [])
  make({ items: [...items], next: [] }, nobody)
  t.equal(fs.statSync(`${folder}/a/run`).mode & 0o777, 0o755)
  fs.writeFileSync(`${folder}/a/run`, 'mine')
  t.throws(() => make({ items: [...items], next: [] }, nobody), { code: 'EEXIST' })
  t.equal(fs.readFileSync(`${folder}/a/run`, 'utf8'), 'mine')
})
