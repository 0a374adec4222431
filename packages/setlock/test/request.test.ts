import fc from 'fast-check'
import t from 'tap'
import { parseRequest } from '../src/request.ts'

const usage = 'setlock: usage: setlock [ -nNxX ] file program [ arg ... ]'

t.test('parseRequest', async (t) => {
  const parse = (...words: string[]) => parseRequest(['/usr/bin/setlock', ...words])
  t.strictSame(parse('f', 'prog', '-n'), { wait: true, silent: false, file: 'f', child: ['prog', '-n'] })
  t.strictSame(parse('-nx', 'f', 'prog'), { wait: false, silent: true, file: 'f', child: ['prog'] })
  t.strictSame(parse('--', '-n', ''), { wait: true, silent: false, file: '-n', child: [''] })
  for (const words of [[], ['f'], ['-n'], ['-n', 'f'], ['--help'], ['--help', 'f']]) t.strictSame(parse(...words), { complaints: [usage] }, words.join(' '))
  t.strictSame(parse('-nq', 'f', 'prog'), { complaints: ['setlock: illegal option -- q', usage] })
})

t.test('parseRequest: of n and N, of x and X, the last one counts', async () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('n', 'N', 'x', 'X')), (letters) => {
      const request = parseRequest(['setlock', ...letters.map((letter) => `-${letter}`), 'f', 'prog'])
      let [wait, silent] = [true, false]
      for (const letter of letters) {
        if (/n/i.test(letter)) wait = letter === 'N'
        else silent = letter === 'x'
      }
      return 'file' in request && request.wait === wait && request.silent === silent
    }),
  )
})
