import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fatal, pausing, told } from '../src/request.ts'
import { makeFolder } from './programs.ts'
import { openDisk } from './stopping.ts'

t.test('a refusal that pauses is tried until it is none', async (t) => {
  const folder = makeFolder(t)
  const said: unknown[] = []
  const disk = openDisk(folder, (warning, why) => {
    said.push([warning, (why as { errno: number }).errno])
    if (said.length === 3) writeFileSync(join(folder, 'a'), '')
  })
  disk.answer({ do: 'rename', from: 'a', to: 'b', ...pausing('unable to rename a to b') })
  t.strictSame(said, Array(3).fill(['unable to rename a to b, pausing', -2]))
  t.ok(statSync(join(folder, 'b')))
})

t.test('a refusal that is told is the answer', async (t) => {
  const disk = openDisk(makeFolder(t))
  t.equal(disk.answer({ do: 'unlink', name: 'a', ...told }), 2)
  t.equal(disk.answer({ do: 'link', from: 'a', to: 'b', ...told }), 2)
})

t.test('a file that is not there has no status, and that is no refusal', async (t) => {
  t.equal(openDisk(makeFolder(t)).answer({ do: 'stat', name: 'a', ...fatal('') }), undefined)
})

t.test('the directory may be renamed', async (t) => {
  const folder = join(makeFolder(t), 'a')
  mkdirSync(folder)
  const disk = openDisk(folder)
  renameSync(folder, `${folder}b`)
  disk.answer({ do: 'open', name: 'current', how: 'append', ...pausing('') })
  t.ok(statSync(`${folder}b/current`))
})

t.test('a processor has the files by their numbers and the directory', async (t) => {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'previous'), 'p')
  writeFileSync(join(folder, 'state'), 's')
  const end = openDisk(folder).answer({ do: 'process', command: 'cat; cat <&4; echo new >&5; pwd -P; exit 7', ...pausing('') })
  t.strictSame(end, { code: 7 })
  t.equal(readFileSync(join(folder, 'processed'), 'utf8'), `ps${folder}\n`)
  t.equal(readFileSync(join(folder, 'newstate'), 'utf8'), 'new\n')
})

t.test('a processor that is not there to be run has failed', async (t) => {
  t.strictSame(openDisk(makeFolder(t)).answer({ do: 'process', command: 'true', ...pausing('') }), { code: 111 })
})

t.test('the errno of a crash is that of the last failure, 0 after reading the directory', async (t) => {
  const folder = makeFolder(t)
  const said: unknown[] = []
  const disk = openDisk(folder, (_warning, why) => said.push((why as { errno: number }).errno))
  disk.answer({ do: 'unlink', name: 'a', ...told })
  disk.answer({ do: 'pause', warning: '', errno: 'stale' })
  disk.answer({ do: 'list', ...pausing('') })
  disk.answer({ do: 'pause', warning: '', errno: 'stale' })
  t.strictSame(said, [2, 0])
})
