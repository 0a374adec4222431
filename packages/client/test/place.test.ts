import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { findPlaces, listPlaces, patternOf } from '../src/place.ts'

const tree = (t: { testdir(content: object): string }): string => {
  const folder = t.testdir({ root: { web: { log: {} }, 'web-2': {}, mail: {}, '.hidden': {}, file: '' }, elsewhere: { log: {} } })
  fs.symlinkSync('../nowhere', join(folder, 'root/gone'))
  return folder
}

t.test('listPlaces: what svscan looks at', async (t) => {
  const folder = tree(t as never)
  t.same(listPlaces(join(folder, 'root')).map(({ name }) => name), ['gone', 'mail', 'web', 'web-2'])
  t.throws(() => listPlaces(join(folder, 'nowhere')), { code: 'ENOENT' })
})

t.test('findPlaces: names, patterns, logs and paths alike, each once', async (t) => {
  const folder = tree(t as never)
  const root = join(folder, 'root')
  const names = (...words: string[]) => findPlaces(words, root).places.map(({ name }) => name)
  t.same(names('web'), ['web'])
  t.same(names('web*', 'mail', 'web'), ['web', 'web-2', 'mail'])
  t.same(names('web/log'), ['web/log'])
  t.same(names('*/log'), ['web/log'])
  t.same(names('web/'), ['web'])
  t.same(names(join(root, 'web'), 'web'), ['web'], 'a path into the folder is its name')
  t.same(names(join(root, 'web/log')), ['web/log'])
  t.match(findPlaces([join(folder, 'elsewhere')], root), { places: [{ name: join(folder, 'elsewhere'), isInRoot: false }], unknown: [] })
  t.same(findPlaces(['nope', 'n*', './nope', 'mail'], root).unknown, ['nope', 'n*', './nope'])
  t.same(names('gone'), ['gone'], 'a link that leads nowhere is one')
})

t.test('patternOf: as a shell would', async (t) => {
  t.ok(patternOf('a[!b-d]?*').test('aexyz'))
  t.notOk(patternOf('a[!b-d]?*').test('acxyz'))
  t.notOk(patternOf('a.c').test('abc'))
  fc.assert(fc.property(fc.string(), (name) => patternOf('*').test(name)))
  fc.assert(fc.property(fc.string(), fc.string(), (glob, name) => typeof patternOf(glob).test(name) === 'boolean'))
  fc.assert(fc.property(fc.stringMatching(/^[^*?[\]]*$/), (name) => patternOf(name).test(name)))
})
