import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { lastLines, readBackward } from '../src/backward.ts'
import { labelAt, makeLog, scratch } from './logdir.ts'
import { readLogs } from '../src/logs.ts'

const at = (number: number): string => labelAt(1e18 + number * 1000)
const line = (number: number): string => `${at(number)} ${number}\n`

t.test('backward: offsets and places of the lines, the last first', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { [`${at(2)}.s`]: line(1) + line(2), current: `a\n${line(3)}b\n\nc` })
  const spots = []
  for await (const { offset, place } of readBackward(path, {})) spots.push([offset, place])
  const second = line(3).length + 2
  t.same(spots, [[second + 3, at(3)], [second + 2, at(3)], [second, at(3)], [2, at(3)], [0, at(2)], [line(1).length, at(2)], [0, at(1)]])
})

t.test('backward: the last lines of several logs are the last of all their lines', async (t) => {
  const folder = scratch(t)
  let number = 0
  const content = fc.array(fc.record({ number: fc.integer({ min: 1, max: 9 }), isPlain: fc.boolean(), cut: fc.boolean() }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 3 }), fc.nat({ max: 14 }), async (contents, count) => {
      const logs = contents.map((items) => {
        const files: Record<string, string> = {}
        let name = ''
        let text = ''
        for (const item of [...items].sort((a, b) => a.number - b.number)) {
          name = `${at(item.number)}.s`
          text += item.isPlain && text !== '' ? `plain\n` : line(item.number)
          if (!item.cut || name in files) continue
          files[name] = text
          text = ''
        }
        const path = makeLog(`${folder}/${number++}`, { ...files, current: text })
        return { name: path, path, service: undefined }
      })
      const read = async (last?: number): Promise<string[]> => {
        const texts = []
        for await (const { log, text } of readLogs(logs, { last })) texts.push(`${log.name} ${text}`)
        return texts
      }
      const all = await read()
      assert.deepEqual(await read(count), count === 0 ? [] : all.slice(-count))
    }),
    { numRuns: 60 },
  )
})

t.test('backward: a line in two files counts once', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { [`${at(2)}.s`]: `${line(1)}${at(2)} begins`, current: ` and ends\n${line(3)}` })
  const texts = []
  for await (const { text } of readLogs([{ name: 'x', path, service: undefined }], { last: 2 })) texts.push(text)
  t.same(texts, ['begins and ends', '3'])
})

t.test('backward: long lines, blocks and compressed files', async (t) => {
  const long = `${at(2)} ${'x'.repeat(500_000)}\n`
  const many = Array.from({ length: 20_000 }, (_, index) => line(index + 10)).join('')
  const path = makeLog(`${scratch(t)}/log`, { [`${at(3)}.s.gz`]: gzipSync(line(1) + long), current: many })
  let count = 0
  let last = 0
  for await (const { offset } of readBackward(path, {})) {
    count++
    last = offset
  }
  t.equal(count, 20_002)
  t.equal(last, 0)
  const [start] = await lastLines([path], 20_001, {})
  t.equal(start!.offset, line(1).length)
})

t.test('backward: only what is asked for', async (t) => {
  const path = makeLog(`${scratch(t)}/log`, { [`${at(2)}.s`]: line(1) + line(2), [`${at(4)}.s`]: line(3) + line(4), current: line(5) + line(6) })
  const places = async (options: Parameters<typeof readBackward>[1]): Promise<string[]> => {
    const found = []
    for await (const { place } of readBackward(path, options)) found.push(place)
    return found
  }
  t.same(await places({ since: at(4), until: at(5) }), [at(5), at(4)])
  t.same(await places({ matches: (text) => '24'.includes(text) }), [at(4), at(2)])
})
