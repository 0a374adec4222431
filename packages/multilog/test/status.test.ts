import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, constants, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { StatusFile } from '../src/status.ts'
import { makeFolder, ours, start, until } from './programs.ts'

t.test('a new one is readable by its owner alone', async (t) => {
  const path = join(makeFolder(t), 'st')
  new StatusFile(path)
  t.equal(statSync(path).mode & 0o777, 0o600)
})

t.test('the last line, padded to 1001 bytes with newlines', async (t) => {
  const path = join(makeFolder(t), 'st')
  const file = new StatusFile(path)
  file.write(Buffer.from('<a longer line>'), 1, 14)
  file.write(Buffer.from('short'), 0, 5)
  t.equal(readFileSync(path, 'utf8'), 'short'.padEnd(1001, '\n'))
})

t.test('a longer file keeps its tail and its mode', async (t) => {
  const path = join(makeFolder(t), 'st')
  writeFileSync(path, 'z'.repeat(1500))
  chmodSync(path, 0o604)
  new StatusFile(path).write(Buffer.from('x'), 0, 1)
  t.equal(readFileSync(path, 'utf8'), 'x'.padEnd(1001, '\n') + 'z'.repeat(499))
  t.equal(statSync(path).mode & 0o777, 0o604)
})

t.test('a pipe has no beginning: it says so and pauses', async (t) => {
  const folder = makeFolder(t)
  execFileSync('mkfifo', [join(folder, 'st')])
  // It stays open: a reader would see the end when the file is opened a second time, and go.
  const reader = openSync(join(folder, 'st'), constants.O_RDWR)
  const { child, said, end } = start(ours, ['=st'], folder, 'pipe')
  child.stdin!.write('line\n')
  await until('the warning', () => said() === 'multilog: warning: unable to move to beginning of st, pausing: unseekable descriptor\n')
  child.kill('SIGKILL')
  await end
  closeSync(reader)
})
