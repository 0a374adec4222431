/** Whatever step recovery or rotation is stopped after: the next start brings everything back, as the C program's does. */
import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { recover } from '../src/recover.ts'
import { rotate } from '../src/rotate.ts'
import type { Directory } from '../src/script.ts'
import { describeFolder, readLog } from './folder.ts'
import { makeFolder, noReference, reference, run } from './programs.ts'
import { openDisk, plain, stopAfter, type TestDisk } from './stopping.ts'

const early = 'written early\n'
const late = 'written late\n'

/** What a start and an end without input make of a directory. */
function recoverWhole(folder: string, directory: Directory): void {
  const disk = openDisk(folder)
  writeFileSync(join(folder, 'lock'), '', { mode: 0o600 })
  const { fd } = disk.perform(recover(directory))
  disk.answer({ do: 'setMode', fd, mode: 0o744, unable: '', refused: 'fatal' })
  closeSync(fd)
}

/** Makes the folder anew, with two lots in it: one among the old files, one in current. */
function prepare(folder: string, directory: Directory): { disk: TestDisk; fd: number } {
  mkdirSync(folder)
  const disk = openDisk(folder)
  const { fd } = disk.perform(recover(directory))
  writeFileSync(fd, early)
  const next = disk.perform(rotate(directory, fd))
  writeFileSync(next, late)
  return { disk, fd: next }
}

const directories: Record<string, Directory> = {
  'no processor': plain,
  'a processor': { ...plain, processor: 'cat <&4; cat; echo state >&5' },
}

for (const [name, directory] of Object.entries(directories)) {
  t.test(`${name}: a rotation that is stopped after any step loses nothing`, async (t) => {
    const base = makeFolder(t)
    // The state that a processor keeps comes out in what it processes next.
    const whole = directory.processor === undefined ? early + late : early + `state\n${late}`
    for (let most = 0; ; most++) {
      const folder = join(base, `${most}`)
      const { disk, fd } = prepare(folder, directory)
      const done = stopAfter(rotate(directory, fd), disk, most) !== undefined
      const copies = ['ours', 'c', 'twice'].map((which) => {
        execFileSync('cp', ['-a', folder, `${folder}-${which}`])
        return `${folder}-${which}`
      })
      recoverWhole(copies[0]!, directory)
      t.ok([early + late, whole].includes(readLog(copies[0]!)), `stopped after ${most}: ${JSON.stringify(readLog(copies[0]!))}`)
      if (!noReference) {
        mkdirSync(join(base, 'run'), { recursive: true })
        writeFileSync(join(base, 'nothing'), '')
        await run(reference, ['s4096', ...(directory.processor === undefined ? [] : [`!${directory.processor}`]), copies[1]!], base, join(base, 'nothing'))
        t.strictSame(describeFolder(copies[0]!), describeFolder(copies[1]!), `stopped after ${most}: as the C program`)
      }
      // Recovery may be stopped as well, after any step, and any number of times.
      for (let again = 0; stopAfter(recover(directory), openDisk(copies[2]!), again) === undefined; again++);
      recoverWhole(copies[2]!, directory)
      t.ok([early + late, whole].includes(readLog(copies[2]!)), `recovery stopped too: ${JSON.stringify(readLog(copies[2]!))}`)
      if (done) break
    }
  })
}

/** Every state that files can be in, the impossible ones too. */
const modes = [undefined, 0o644, 0o744]
const names = ['current', 'previous', 'processed', 'state', 'newstate']

t.test('any combination of files and modes becomes what the C program makes of it', { skip: noReference }, async (t) => {
  const base = makeFolder(t)
  const nothing = join(base, 'nothing')
  writeFileSync(nothing, '')
  const roots = ['ours', 'c'].map((which) => join(base, which))
  for (const root of roots) mkdirSync(root)
  const count = modes.length ** 3 * 4
  const script: string[] = []
  for (let number = 0; number < count; number++) {
    for (const root of roots) {
      const folder = join(root, `${number}`)
      mkdirSync(folder)
      names.forEach((name, index) => {
        const mode = index < 3 ? modes[Math.floor(number / 3 ** index) % 3] : (Math.floor(number / 27) >> (index - 3)) & 1 ? 0o644 : undefined
        if (mode === undefined) return
        writeFileSync(join(folder, name), `${name}\n`)
        chmodSync(join(folder, name), mode)
      })
    }
    script.push(`./${number}`)
    recoverWhole(join(roots[0]!, `${number}`), plain)
  }
  t.strictSame(await run(reference, script, roots[1]!, nothing), { code: 0, signal: null, stderr: '' })
  t.strictSame(describeFolder(roots[0]!), describeFolder(roots[1]!))
})

t.test('a clean current is gone on with', async (t) => {
  const folder = join(makeFolder(t), 'd')
  const { fd } = prepare(folder, plain)
  closeSync(fd)
  chmodSync(join(folder, 'current'), 0o744)
  const { written } = openDisk(folder).perform(recover(plain))
  t.equal(written, late.length)
})
