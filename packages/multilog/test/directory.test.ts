import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { perform } from '../src/blocking.ts'
import { LogDirectory } from '../src/directory.ts'
import { describeFolder } from './folder.ts'
import { makeFolder } from './programs.ts'
import { plain } from './stopping.ts'

t.test('makes the directory and its files, and marks current as whole at the end', async (t) => {
  const path = join(makeFolder(t), 'd')
  const directory = perform(LogDirectory.open({ ...plain, path }))
  t.strictSame(describeFolder(path), { current: '644 0 ', lock: '600 0 ', state: '644 0 ' })
  t.equal(statSync(path).mode & 0o777, 0o700)
  const line = Buffer.from('line\n')
  directory.log.put(line, 0, line.length)
  directory.log.flush()
  directory.log.drain()
  t.equal(readFileSync(join(path, 'current'), 'utf8'), 'line\n')
  directory.finish()
  t.strictSame(describeFolder(path), { current: '744 5 line\n', lock: '600 0 ', state: '644 0 ' })
})

t.test('goes on with a clean current, and rotates', async (t) => {
  const path = join(makeFolder(t), 'd')
  perform(LogDirectory.open({ ...plain, path })).finish()
  const line = Buffer.from('line\n'.repeat(500))
  // In one process, the lock of the first is still held: a second needs another directory.
  const other = perform(LogDirectory.open({ ...plain, path: `${path}2` }))
  other.log.put(line, 0, line.length)
  other.log.flush()
  other.log.drain()
  t.equal(describeFolder(`${path}2`)['@0.s']?.slice(0, 9), '744 2500 ')
  t.equal(describeFolder(`${path}2`)['current'], '644 0 ')
})

t.test('a symbolic link to a directory is as good', async (t) => {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'real'))
  symlinkSync('real', join(folder, 'd'))
  perform(LogDirectory.open({ ...plain, path: join(folder, 'd') })).finish()
  t.equal(describeFolder(join(folder, 'real'))['current'], '744 0 ')
})
