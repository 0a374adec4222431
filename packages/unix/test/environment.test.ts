import fc from 'fast-check'
import t from 'tap'
import { editEnvironment, type Setting } from '../src/environment.ts'

t.test('editEnvironment: what pathexec_env.c was seen to do', async (t) => {
  const edit = (environment: string[], ...settings: Setting[]) => editEnvironment(environment, settings)
  t.strictSame(edit(['A=1', 'B=2', 'C=3'], { name: 'A', value: 'new' }), ['C=3', 'B=2', 'A=new'], 'the last entry moves into the place of the first of that name')
  t.strictSame(edit(['A=1', 'B=2', 'C=3'], { name: 'A' }), ['C=3', 'B=2'])
  t.strictSame(edit(['A=1', 'B=2', 'C=3'], { name: 'C' }), ['A=1', 'B=2'], 'the last entry itself')
  t.strictSame(edit(['X=1', 'X=2'], { name: 'X', value: 'new' }), ['X=2', 'X=new'], 'a duplicate loses only its first copy')
  t.strictSame(edit(['A=1'], { name: 'B' }), ['A=1'], 'nothing to unset')
  t.strictSame(edit([], { name: 'A', value: '' }), ['A='])
  t.strictSame(edit(['A=1', 'B=2'], { name: 'A=B', value: 'x' }), ['B=2', 'A=B=x'], 'a name that holds =')
  t.strictSame(edit(['C=1', 'B=2'], { name: 'C=D' }), ['B=2', 'C=D'], 'and without a value it sets')
  t.strictSame(edit(['AB=1', 'A', 'a=1'], { name: 'A', value: '2' }), ['AB=1', 'A', 'a=1', 'A=2'], 'neither a prefix nor an entry without = is that name')
  t.strictSame(edit(['A=1'], { name: 'A', value: '2' }, { name: 'A' }), [], 'in order')
})

/** The C code, index by index. */
function asInC(environment: readonly string[], settings: readonly Setting[]): string[] {
  const e = [...environment]
  let elen = e.length
  for (const { name, value } of settings) {
    const plus = value === undefined ? name : `${name}=${value}`
    const split = plus.includes('=') ? plus.indexOf('=') : plus.length
    for (let t = 0; t < elen; t++) {
      if (e[t]!.slice(0, split) === plus.slice(0, split) && e[t]![split] === '=') {
        elen--
        e[t] = e[elen]!
        break
      }
    }
    if (split < plus.length) e[elen++] = plus
  }
  return e.slice(0, elen)
}

t.test('editEnvironment: like the C code, whatever is there', async () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', '='), maxLength: 4 })
  const setting = fc.record({ name: word.filter((name) => name !== ''), value: fc.option(word, { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(word), fc.array(setting), (environment, settings) => {
      const before = [...environment]
      const after = editEnvironment(environment, settings as Setting[])
      return JSON.stringify(after) === JSON.stringify(asInC(environment, settings as Setting[])) && JSON.stringify(environment) === JSON.stringify(before)
    }),
    { numRuns: 1000 },
  )
})
