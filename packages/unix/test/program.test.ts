import fc from 'fast-check'
import t from 'tap'
import { closedStandard, launchArguments, searchPath } from '../src/program.ts'

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

t.test('closedStandard: those of 0, 1 and 2 that were closed when we started', async (t) => {
  t.strictSame(closedStandard([0, 1, 2, 7]), [])
  t.strictSame(closedStandard([1, 7]), [0, 2])
  t.strictSame(closedStandard([]), [0, 1, 2])
})

t.test('launchArguments: the command line of launch, in the order of docs/design/launch.md', async (t) => {
  const program = { paths: ['/a/p', './p'], args: ['p', '-x', ''], message: 'x: fatal: unable to run p: ' }
  const rest = ['x: fatal: unable to run p: ', '2', '/a/p', './p', 'p', '-x', '']
  t.strictSame(launchArguments(8, -1, '', program), ['launch', '8', '-', '', '-1', '-1', ...rest])
  t.strictSame(launchArguments(8, 9, '02', { ...program, shell: true }, ['5:0', '6:3'], 10), ['launch', '8', '-02s', '5:0 6:3', '9', '10', ...rest])
})
