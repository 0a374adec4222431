/** logfolder.ts: a log is read once and whole, whatever the logger is just doing with its files. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { scratch } from '../support/tree.ts'
import { LogFolder } from './logfolder.ts'

t.test('lines are read when they are whole', async (t) => {
  const { look, write } = open(scratch(t))
  t.same(look(), [])
  write('current', 'one\ntw')
  t.same(look(), [{ lines: ['one'], tail: '' }])
  t.same(look(), [])
  write('current', 'o\nthree\n')
  t.same(look(), [{ lines: ['two', 'three'], tail: '' }])
})

t.test('a file that is turned over by renaming: the rest of it, then the new one; it is removed when it is read', async (t) => {
  const { folder, look, write } = open(scratch(t))
  write('current', '1\n2\n')
  look()
  write('current', '3\n')
  fs.renameSync(join(folder, 'current'), join(folder, '@1.s'))
  write('current', '4\n')
  t.same(look(), [{ lines: ['3'], tail: '' }, { lines: ['4'], tail: '' }])
  t.same(fs.readdirSync(folder), ['current'])
})

for (const before of ['read', 'not yet read']) {
  t.test(`a file that was ${before} has two names for a moment: it stays, and is read once`, async (t) => {
    const { folder, look, write } = open(scratch(t))
    const lines = (): string[] => look().flatMap(({ lines }) => lines)
    write('current', '1\n2\n')
    const seen = before === 'read' ? lines() : []
    fs.renameSync(join(folder, 'current'), join(folder, 'previous'))
    seen.push(...lines())
    fs.linkSync(join(folder, 'previous'), join(folder, '@1.s'))
    seen.push(...lines(), ...lines())
    t.same(fs.readdirSync(folder), ['@1.s', 'previous'], 'the logger is not done with it')
    fs.unlinkSync(join(folder, 'previous'))
    write('current', '3\n')
    seen.push(...lines())
    t.same(seen, ['1', '2', '3'])
    t.same(fs.readdirSync(folder), ['current'])
  })
}

t.test('what a killed logger has left behind a newline is told once, when the file is done', async (t) => {
  const { folder, look, write } = open(scratch(t))
  write('current', '1\n2')
  look()
  fs.renameSync(join(folder, 'current'), join(folder, '@1.u'))
  write('current', '3\n')
  t.same(look(), [{ lines: [], tail: '2' }, { lines: ['3'], tail: '' }])
  t.same(look(), [])
})

function open(folder: string) {
  const log = new LogFolder(folder)
  return { folder, look: () => log.look(), write: (name: string, text: string) => fs.appendFileSync(join(folder, name), text) }
}
