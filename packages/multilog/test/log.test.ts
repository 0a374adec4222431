import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeFile, lockFile, openDirectory, openFile } from '@daemontools-ts/unix'
import t from 'tap'
import { onTheSpot, perform } from '../src/blocking.ts'
import { Fatal } from '../src/fatal.ts'
import { Log } from '../src/log.ts'
import { parseScript } from '../src/script.ts'
import { makeFolder } from './programs.ts'

const openFiles = (): number => readdirSync('/proc/self/fd').length

t.test('paths are relative to the directory that it is given', async (t) => {
  const folder = makeFolder(t)
  const from = openDirectory(folder)
  const said: string[] = []
  const log = perform(Log.open(parseScript(['=status', 'e', './d', `${folder}/absolute`]), { from, performer: onTheSpot, say: (text) => said.push(text) }))
  log.take(Buffer.from('line\nmore'))
  t.equal(readFileSync(join(folder, 'd/current'), 'utf8'), 'line\n')
  t.equal(readFileSync(join(folder, 'absolute/current'), 'utf8'), 'line\n')
  t.equal(readFileSync(join(folder, 'status'), 'utf8'), 'line'.padEnd(1001, '\n'))
  t.strictSame(said, ['line'])
  log.turn()
  t.equal(readFileSync(join(folder, 'd/current'), 'utf8'), '')
  log.finish()
  t.equal(readFileSync(join(folder, 'd/current'), 'utf8'), 'more\n')
  log.close()
  closeFile(from)
})

t.test('closed, it has nothing open, and its directory may be locked again', async (t) => {
  const folder = makeFolder(t)
  const before = openFiles()
  const script = parseScript([`=${folder}/status`, `${folder}/d`, `${folder}/e`])
  const log = perform(Log.open(script))
  t.equal(openFiles(), before + 7)
  log.close()
  log.close()
  t.equal(openFiles(), before)
  const fd = openFile(join(folder, 'd/lock'), 'append')
  lockFile(fd)
  closeFile(fd)
})

function fatalOf(args: readonly string[]): string {
  try {
    perform(Log.open(parseScript(args)))
    return 'nothing'
  } catch (error) {
    return error instanceof Fatal ? error.what : String(error)
  }
}

t.test('what cannot be had is fatal, and leaves nothing open', async (t) => {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'status'))
  writeFileSync(join(folder, 'file'), '')
  const before = openFiles()
  for (const [args, what] of [
    [[`=${folder}/status`, `${folder}/d`], `unable to create ${folder}/status`],
    [[`=${folder}/good`, `${folder}/d`, `${folder}/file`], `unable to open directory ${folder}/file`],
    [[`${folder}/d`, `${folder}/d`], `unable to lock directory ${folder}/d`],
  ] as const) {
    t.equal(fatalOf(args), what)
    t.equal(openFiles(), before, what)
  }
})
