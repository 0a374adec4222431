import * as fs from 'node:fs'
import t from 'tap'
import { errnoOf } from '../src/errno.ts'
import { bytes, fileExists, inDirectory, lockFile, makeFifo, openDirectory, openFile, readDirectory, rename, statFile } from '../src/files.ts'

t.test('a held directory is followed when it is renamed', async (t) => {
  const scratch = t.testdir({ old: { file: 'x' } })
  const directory = openDirectory(`${scratch}/old`)
  rename(`${scratch}/old`, `${scratch}/new`)
  t.equal(statFile(inDirectory(directory, 'file')).size, 1)
  fs.closeSync(directory)
})

t.test('statFile says of a file and of a directory what the kernel does', async (t) => {
  const scratch = t.testdir({ folder: { inner: {} }, file: 'four', link: t.fixture('symlink', 'folder') })
  fs.linkSync(`${scratch}/file`, `${scratch}/second`)
  for (const name of ['folder', 'file', 'link']) {
    const { dev, ino, mode, size, nlink, ctimeNs } = fs.statSync(`${scratch}/${name}`, { bigint: true })
    const expected = { device: dev, inode: ino, mode: Number(mode), size: Number(size), links: Number(nlink), isDirectory: name !== 'file', changed: ctimeNs }
    t.strictSame(statFile(`${scratch}/${name}`), expected)
  }
  t.equal(errnoIn(() => statFile(`${scratch}/none`)), 2)
  t.equal(errnoIn(() => statFile(`${scratch}/file/inner`)), 20)
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

t.test('fileExists: yes, no, or the reason why that cannot be told', async (t) => {
  const scratch = t.testdir({ file: 'x', dangling: t.fixture('symlink', 'none'), loop: t.fixture('symlink', 'loop') })
  t.equal(fileExists(`${scratch}/file`), true)
  t.equal(fileExists(scratch), true)
  t.equal(fileExists(`${scratch}/none`), false)
  t.equal(fileExists(`${scratch}/dangling`), false)
  t.equal(errnoIn(() => fileExists(`${scratch}/loop`)), 40)
  t.equal(errnoIn(() => fileExists(`${scratch}/${'x'.repeat(256)}`)), 36)
})

t.test('overwrite: what is behind stays, and a file that is not there is made', async (t) => {
  const scratch = t.testdir({ old: 'abcdef' })
  for (const [name, text] of [['old', 'XYcdef'], ['new', 'XY']] as const) {
    const fd = openFile(`${scratch}/${name}`, 'overwrite')
    fs.writeSync(fd, 'XY')
    fs.closeSync(fd)
    t.equal(fs.readFileSync(`${scratch}/${name}`, 'latin1'), text)
  }
})

function errnoIn(call: () => unknown): number {
  try {
    call()
    return 0
  } catch (error) {
    return errnoOf(error)
  }
}
