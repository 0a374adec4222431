import fc from 'fast-check'
import t from 'tap'
import { searchPath } from '../src/program.ts'

t.test('searchPath: djb\'s rules', async (t) => {
  t.strictSame(searchPath('ls', '/a:/b'), ['/a/ls', '/b/ls'])
  t.strictSame(searchPath('ls', undefined), ['/bin/ls', '/usr/bin/ls'])
  t.strictSame(searchPath('ls', ''), ['./ls'], 'empty is the current directory')
  t.strictSame(searchPath('ls', ':/a::/b:'), ['./ls', '/a/ls', './ls', '/b/ls', './ls'])
  t.strictSame(searchPath('./ls', '/a'), ['./ls'])
  t.strictSame(searchPath('a/b', undefined), ['a/b'])
})

t.test('searchPath: one candidate for each element, and each ends in the name', async () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', '/a', 'b', '/c/d')), (elements) => {
      const paths = searchPath('prog', elements.join(':'))
      return paths.length === Math.max(1, elements.length) && paths.every((path) => path.endsWith('/prog'))
    }),
  )
})
