import fc from 'fast-check'
import t from 'tap'
import { getopt } from '../src/getopt.ts'

const parse = (...words: string[]) => getopt(['/usr/bin/prog', ...words], 'abo:')

t.test('getopt: sgetopt\'s answers', async (t) => {
  t.strictSame(parse('-a', 'x', '-b'), { options: [{ letter: 'a' }], operands: ['x', '-b'] }, 'stops at the first operand')
  t.strictSame(parse('-ab'), { options: [{ letter: 'a' }, { letter: 'b' }], operands: [] }, 'bundles')
  t.strictSame(parse('-ao50', 'x'), { options: [{ letter: 'a' }, { letter: 'o', argument: '50' }], operands: ['x'] })
  t.strictSame(parse('-o', '-a', 'x'), { options: [{ letter: 'o', argument: '-a' }], operands: ['x'] }, 'an argument may begin with a dash')
  t.strictSame(parse('-a', '-', '-b'), { options: [{ letter: 'a' }], operands: ['-', '-b'] }, 'a lone dash is an operand')
  t.strictSame(parse('--', '-b'), { options: [], operands: ['-b'] })
  t.strictSame(parse('--help', '-b'), { options: [], operands: ['-b'] }, 'any word with two dashes is dropped')
  t.strictSame(parse('-z'), { complaint: 'prog: illegal option -- z' })
  t.strictSame(parse('-a:'), { complaint: 'prog: illegal option -- :' })
  t.strictSame(parse('-o'), { complaint: 'prog: option requires an argument -- o' })
  t.strictSame(parse(''), { options: [], operands: [''] })
})

t.test('getopt: what it does not take is left as it was, in order', async () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('-a', '-b', '-ab', '-o1', 'x', '-', '')), (words) => {
      const parsed = parse(...words)
      if ('complaint' in parsed) return false
      const taken = words.length - parsed.operands.length
      return words.slice(taken).every((word, index) => word === parsed.operands[index]) && words.slice(0, taken).every((word) => /^-./.test(word))
    }),
  )
})
