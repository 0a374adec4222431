import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readLogs } from '../src/logs.ts'
import { seekSince } from '../src/seek.ts'
import { labelAt, makeLog, scratch } from './logdir.ts'

const at = (number: number): string => labelAt(1e18 + number * 1000)
const line = (number: number): string => `${at(number)} ${number}${number % 7 === 0 ? '\nplain\n@broken' : ''}\n`

t.test('seek: nothing that is wanted is passed over, and nearly all else is', async (t) => {
  const text = (from: number, to: number): string => Array.from({ length: to - from }, (_, index) => line(from + index)).join('')
  const path = makeLog(`${scratch(t)}/log`, { [`${at(9999)}.s`]: text(0, 10_000), [`${at(19_999)}.s`]: text(10_000, 20_000), current: text(20_000, 30_000) })
  const log = { name: 'x', path, service: undefined }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -5, max: 30_005 }), async (number) => {
      let first: string | undefined
      let count = 0
      for await (const { text } of readLogs([log], { since: at(number), until: at(number + 20) })) {
        first ??= text
        if (/^\d/.test(text)) count++
      }
      const begin = Math.max(0, number)
      assert.equal(first, begin < 30_000 && number + 20 >= 0 ? String(begin) : undefined)
      assert.equal(count, Math.max(0, Math.min(30_000, number + 21) - begin))
    }),
    { numRuns: 40 },
  )
  const found = await seekSince(path, at(15_000))
  t.ok(found!.place > at(13_000), `it begins near: ${found!.place}`)
  t.equal((await seekSince(path, at(25_000)))!.file.inode, (await seekSince(path, at(30_000)))!.file.inode, 'in current')
})

t.test('seek: of lines with the same label none is passed over', async (t) => {
  // as our multilog labels all lines of a read
  const text = [1, 2, 3].map((number) => `${at(number)} ${number}\n`.repeat(10_000)).join('')
  const path = makeLog(`${scratch(t)}/log`, { current: text })
  let count = 0
  for await (const { text } of readLogs([{ name: 'x', path, service: undefined }], { since: at(2), until: at(2) })) count += text === '2' ? 1 : 0
  t.equal(count, 10_000)
})
