import fc from 'fast-check'
import t from 'tap'
import { parseOptions } from '../src/options.ts'

const parse = (...args: string[]) => parseOptions(['svscan', ...args], false)

t.test('parseOptions: 0.76\'s command line', async (t) => {
  t.strictSame(parse(), { dir: undefined, stopTimeout: 60_000 })
  t.strictSame(parse('/service'), { dir: '/service', stopTimeout: 60_000 })
  t.strictSame(parse('/service', 'more', '--stop-timeout'), { dir: '/service', stopTimeout: 60_000 }, 'what is behind it is ignored')
  t.strictSame(parse(''), { dir: '', stopTimeout: 60_000 })
  for (const dir of ['-x', '--', '--stop', '--stop-timeouts', '-', '--help']) t.equal(parse(dir)?.dir, dir, 'a directory may have any name')
})

t.test('parseOptions: less time as process 1', async (t) => {
  t.strictSame(parseOptions(['svscan', '/service'], true), { dir: '/service', stopTimeout: 8000 })
  t.strictSame(parseOptions(['svscan', '--stop-timeout=3', '/service'], true), { dir: '/service', stopTimeout: 3000 })
})

t.test('parseOptions: --stop-timeout in seconds, with a blank or an equals sign', async (t) => {
  for (const option of [['--stop-timeout', '7'], ['--stop-timeout=7']]) {
    t.strictSame(parse(...option), { dir: undefined, stopTimeout: 7000 })
    t.strictSame(parse(...option, '/service', 'more'), { dir: '/service', stopTimeout: 7000 })
  }
  t.equal(parse('--stop-timeout=0')?.stopTimeout, 0, 'as long as they like')
  t.equal(parse('--stop-timeout', '999999')?.stopTimeout, 999_999_000)
})

t.test('parseOptions: no number', async (t) => {
  t.equal(parse('--stop-timeout'), undefined)
  for (const text of ['', 'x', '-1', '1.5', '1s', ' 1', '1e3', '1234567', '/service']) {
    t.equal(parse('--stop-timeout', text), undefined, text)
    t.equal(parse(`--stop-timeout=${text}`, '/service'), undefined, text)
  }
  t.equal(parse('--stop-timeout=7=8'), undefined)
})

t.test('parseOptions: every other first argument is the directory', async () => {
  fc.assert(fc.property(fc.string().filter((text) => !text.startsWith('--stop-timeout')), fc.array(fc.string()), (dir, more) => parse(dir, ...more)?.dir === dir))
})
