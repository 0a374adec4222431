import * as fs from 'node:fs'
import t from 'tap'
import { errnoOf } from '../src/errno.ts'
import { bytes, inDirectory, lockFile, makeFifo, openDirectory, openFile, readDirectory, rename, statFile } from '../src/files.ts'

t.test('a held directory is followed when it is renamed', async (t) => {
  const scratch = t.testdir({ old: { file: 'x' } })
  const directory = openDirectory(`${scratch}/old`)
  rename(`${scratch}/old`, `${scratch}/new`)
  t.equal(statFile(inDirectory(directory, 'file')).size, 1)
  fs.closeSync(directory)
})

t.test('openDirectory refuses like chdir', async (t) => {
  const scratch = t.testdir({ file: 'x' })
  t.equal(errnoIn(() => openDirectory(`${scratch}/file`)), 20)
  t.equal(errnoIn(() => openDirectory(`${scratch}/none`)), 2)
  t.equal(errnoIn(() => openDirectory('')), 2)
})

t.test('names are bytes', async (t) => {
  const scratch = t.testdir({})
  fs.closeSync(openFile(`${scratch}/\xff\xe9`, 'truncate'))
  t.strictSame(readDirectory(scratch), ['\xff\xe9'])
  t.strictSame(fs.readdirSync(scratch, 'buffer'), [bytes('\xff\xe9')])
})

t.test('lockFile: EAGAIN where another descriptor holds it', async (t) => {
  const scratch = t.testdir({})
  const first = openFile(`${scratch}/lock`, 'append')
  const second = openFile(`${scratch}/lock`, 'append')
  lockFile(first)
  t.equal(errnoIn(() => lockFile(second)), 11)
  fs.closeSync(first)
  lockFile(second)
  fs.closeSync(second)
})

t.test('makeFifo makes one, with that mode, and says EEXIST for the next', async (t) => {
  const scratch = t.testdir({})
  makeFifo(`${scratch}/fifo`, 0o600)
  t.equal(statFile(`${scratch}/fifo`).mode, 0o10600)
  t.equal(errnoIn(() => makeFifo(`${scratch}/fifo`, 0o600)), 17)
  t.equal(errnoIn(() => openFile(`${scratch}/fifo`, 'write')), 6, 'no reader: device not configured')
})

function errnoIn(call: () => unknown): number {
  try {
    call()
    return 0
  } catch (error) {
    return errnoOf(error)
  }
}
