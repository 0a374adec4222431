import fc from 'fast-check'
import t from 'tap'
import type { Limit } from '@daemontools-ts/unix'
import { applyOptions, parseRequest } from '../src/limits.ts'

const infinity = 2n ** 64n - 1n
const inherited: Limit[] = Array.from({ length: 16 }, () => ({ soft: 77n, hard: 1000n }))
const usage = /^softlimit: usage: softlimit \[-a allbytes\].* child$/

/** The soft limits that are not as they were, by number. */
function changes(...words: string[]): Record<number, bigint> | string[] {
  const request = parseRequest(['softlimit', ...words, 'prog'], inherited)
  if ('complaints' in request) return request.complaints
  t.ok(request.limits.every(({ hard }) => hard === 1000n), 'hard limits stay')
  return Object.fromEntries(request.limits.flatMap(({ soft }, index) => (soft === 77n ? [] : [[index, soft]])))
}

t.test('parseRequest: each letter, by the kernel\'s number', async (t) => {
  for (const [letter, number] of Object.entries({ a: 9, c: 4, d: 2, f: 1, l: 8, o: 7, p: 6, r: 5, s: 3, t: 0 })) t.strictSame(changes(`-${letter}5`), { [number]: 5n }, letter)
  t.strictSame(changes('-m', '5'), { 2: 5n, 3: 5n, 8: 5n, 9: 5n }, 'm: data, stack, locked memory, all of it')
})

t.test('parseRequest: values', async (t) => {
  t.strictSame(changes('-d='), { 2: 1000n }, '= is the hard limit')
  t.strictSame(changes('-d', '1001'), { 2: 1000n }, 'not above it')
  t.strictSame(changes('-d', ''), { 2: 0n }, 'no digits')
  t.strictSame(changes('-d', '00012'), { 2: 12n })
  t.strictSame(changes('-d', '18446744073709551619'), { 2: 3n }, 'modulo 2^64')
  t.strictSame(changes('-d1', '-d2'), { 2: 2n }, 'the last one counts')
  t.strictSame(changes('-m5', '-s6'), { 2: 5n, 3: 6n, 8: 5n, 9: 5n })
  for (const value of ['-1', '1k', '0x1', ' 1', '1 ', '==', 'unlimited', '١']) t.match(changes('-d', value), [usage], value)
})

t.test('parseRequest: the hard limit may be infinite', async (t) => {
  const endless = inherited.map(({ soft }) => ({ soft, hard: infinity }))
  t.strictSame(applyOptions(endless, [{ letter: 'd', argument: '=' }])![2], { soft: infinity, hard: infinity })
  t.strictSame(applyOptions(endless, [{ letter: 'd', argument: '18446744073709551614' }])![2], { soft: infinity - 1n, hard: infinity })
})

t.test('parseRequest: wrong command lines', async (t) => {
  const complaints = (...words: string[]) => (parseRequest(['/x/softlimit', ...words], inherited) as { complaints: string[] }).complaints
  t.match(complaints(), [usage])
  t.match(complaints('-d1'), [usage])
  t.match(complaints('-z', 'prog'), ['softlimit: illegal option -- z', usage])
  t.match(complaints('-d'), ['softlimit: option requires an argument -- d', usage])
  t.match(complaints('-dx', '-z', 'prog'), [usage], 'it ends at the first thing that is wrong')
  t.equal(complaints('-dx', '-z', 'prog').length, 1)
  t.equal(complaints('-d', 'x', '-s').length, 1)
  t.match(complaints('-d1', '-s', '-z', '-z'), [usage])
  t.match(complaints('-d1', '-s2', '-z', '-dx'), ['softlimit: illegal option -- z', usage])
  t.strictSame(parseRequest(['softlimit', '--foo', 'prog', '-d1'], inherited), { limits: inherited, child: ['prog', '-d1'] })
})

t.test('parseRequest: a soft limit is what was asked for, or the hard one if that is less', async () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 70n), fc.bigInt(0n, infinity), (value, hard) => {
      const { soft } = applyOptions([{ soft: 0n, hard }], [{ letter: 't', argument: `${value}` }])![0]!
      const asked = value % 2n ** 64n
      return soft === (asked < hard ? asked : hard)
    }),
  )
})
