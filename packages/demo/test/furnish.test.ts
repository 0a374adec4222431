import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { furnish } from '../src/furnish.ts'

t.test('furnish makes folders and files with exactly their modes', async (t) => {
  const folder = t.testdir()
  const umask = process.umask(0o077)
  t.teardown(() => process.umask(umask))
  furnish(folder, [{ path: 'sv', mode: 0o755 }, { path: 'sv/run', text: '#!/bin/sh\n', mode: 0o755 }, { path: 'conf', text: 'x', mode: 0o600, fetchmails: true }], undefined)
  t.equal(statSync(join(folder, 'sv')).mode & 0o777, 0o755)
  t.equal(statSync(join(folder, 'sv/run')).mode & 0o777, 0o755)
  t.equal(statSync(join(folder, 'conf')).mode & 0o777, 0o600)
  t.equal(readFileSync(join(folder, 'conf'), 'utf8'), 'x')
})

t.test('what is fetchmail\'s belongs to its account', { skip: process.getuid?.() !== 0 && 'only root can give files away' }, async (t) => {
  const folder = t.testdir()
  furnish(folder, [{ path: 'a', text: '', mode: 0o600, fetchmails: true }, { path: 'b', text: '', mode: 0o600 }], { name: 'nobody', uid: 65534, gid: 65534 })
  t.equal(statSync(join(folder, 'a')).uid, 65534)
  t.equal(statSync(join(folder, 'b')).uid, 0)
})
