import t from 'tap'
import { type Entry, labelOf, orderFiles } from '../src/files.ts'

const label = (number: number): string => `@4000000037c219bf0000000${number}`
const entries = (names: Record<string, number>, modes: Record<string, number> = {}): Entry[] =>
  Object.entries(names).map(([name, inode]) => ({ name, device: 1n, inode: BigInt(inode), mode: modes[name] ?? 0o644, size: 0 }))
const order = (...args: Parameters<typeof entries>): string[] => orderFiles(entries(...args)).map(({ name }) => name)

t.test('files: the old ones by their labels, then previous, then current; nothing else', async (t) => {
  t.same(order({ current: 1, [`${label(3)}.u`]: 2, lock: 3, [`${label(1)}.s`]: 4, state: 5, previous: 6, [`${label(2)}.s`]: 7, '@x': 8, newstate: 9, [`${label(1)}.t`]: 10 }), [`${label(1)}.s`, `${label(2)}.s`, `${label(3)}.u`, 'previous', 'current'])
})

t.test('files: previous that has its new name already counts once', async (t) => {
  t.same(order({ previous: 5, [`${label(1)}.s`]: 5, current: 6 }), [`${label(1)}.s`, 'current'])
})

t.test('files: what a processor has made counts when it is whole', async (t) => {
  t.same(order({ previous: 5, processed: 6, current: 7 }), ['previous', 'current'])
  t.same(order({ previous: 5, processed: 6, current: 7 }, { processed: 0o744 }), ['processed', 'current'])
})

t.test('files: compressed ones too, but not beside what they are made of', async (t) => {
  t.same(order({ [`${label(1)}.s.gz`]: 1, [`${label(2)}.s`]: 2, [`${label(2)}.s.gz`]: 3 }), [`${label(1)}.s.gz`, `${label(2)}.s`])
})

t.test('files: labelOf', async (t) => {
  t.equal(labelOf(`${label(1)}.s`), label(1))
  t.equal(labelOf('current'), '')
})
