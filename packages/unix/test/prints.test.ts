import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bytes } from '../src/files.ts'
import { Prints } from '../src/prints.ts'

t.test('Prints: what makes a difference, and what does not', async (t) => {
  const scratch = t.testdir({ service: { run: '' }, other: {}, file: 'x' })
  const at = (name: string): string => join(scratch, name)
  fs.symlinkSync('service', at('link'))
  fs.mkdirSync(bytes(at('\xff')))
  const paths = ['service', 'other', 'file', 'link', 'none', '\xff'].map(at)
  /** Whether an act is seen, by prints that were taken before. */
  const seen = async (act: () => void): Promise<boolean> => {
    const prints = new Prints(paths)
    t.equal(prints.haveChanged(), false)
    // Two changes within a tick of the kernel's clock may have the same time.
    await new Promise((resolve) => setTimeout(resolve, 20))
    act()
    const changed = prints.haveChanged()
    t.equal(prints.haveChanged(), changed, 'and asked again')
    return changed
  }
  t.equal(await seen(() => fs.mkdirSync(at('service/log'))), true, 'a name in a directory')
  t.equal(await seen(() => fs.chmodSync(at('file'), 0o600)), true)
  t.equal(await seen(() => fs.mkdirSync(at('none'))), true, 'what was not there')
  t.equal(await seen(() => fs.rmdirSync(at('none'))), true)
  t.equal(await seen(() => (fs.unlinkSync(at('link')), fs.symlinkSync('other', at('link')))), true, 'where a link leads')
  t.equal(await seen(() => (fs.unlinkSync(at('link')), fs.symlinkSync('none', at('link')))), true, 'nowhere')
  t.equal(await seen(() => (fs.rmdirSync(at('other')), fs.mkdirSync(at('other')))), true, 'another directory of the same name')
  t.equal(await seen(() => (fs.rmdirSync(bytes(at('\xff'))))), true, 'a name that is no text')
  t.equal(await seen(() => fs.writeFileSync(at('service/log/inner'), '')), false, 'deeper')
  t.equal(await seen(() => fs.writeFileSync(at('unlisted'), '')), false)
})

t.test('Prints: of nothing, and of thousands', async (t) => {
  const scratch = t.testdir({})
  t.equal(new Prints([]).haveChanged(), false)
  const paths = Array.from({ length: 5000 }, (_, number) => `${scratch}/${number}`)
  for (const path of paths) fs.writeFileSync(path, '')
  const prints = new Prints(paths)
  t.equal(prints.haveChanged(), false)
  fs.unlinkSync(paths.at(-1)!)
  t.equal(prints.haveChanged(), true)
})
