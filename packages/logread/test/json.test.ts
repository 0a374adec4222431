import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Json } from '../src/json.ts'
import type { LogLine } from '../src/source.ts'

const place = '@4000000037c219bf2ef02e94'

function parse(line: LogLine, name = 'mail'): Record<string, unknown> {
  return JSON.parse(new Json().text({ lines: [line], logs: [{ name, path: '/x', service: undefined }] })) as Record<string, unknown>
}

t.test('json: a line, one without a label, an event', async (t) => {
  t.same(parse({ place, isLabelled: true, text: 'a"\\\x1b' }), { service: 'mail', time: '1999-08-24T04:04:05.787492500Z', label: place, text: 'a"\\\x1b' })
  t.same(parse({ place, isLabelled: false, text: '\xff' }), { service: 'mail', time: null, label: null, text: '\ufffd', bytes: '/w==' })
  t.same(parse({ place: '@5000000037c219bf2ef02e94', isLabelled: true, text: 'x', event: 'exited' }), { service: 'mail', time: null, label: '@5000000037c219bf2ef02e94', event: 'exited', text: 'x' })
})

t.test('json: any bytes come back', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const { text, bytes: encoded } = parse({ place, isLabelled: true, text: Buffer.from(bytes).toString('latin1') })
      assert.deepEqual(encoded === undefined ? Buffer.from(text as string) : Buffer.from(encoded as string, 'base64'), Buffer.from(bytes))
    }),
  )
})

t.test('json: what is shared by lines of a second is asked for anew in the next', async (t) => {
  const log = { name: 'x', path: '/x', service: undefined }
  const lines = ['@4000000037c219bf00000001', '@4000000037c219bf00000002', '@4000000037c219c000000000', '@4000000037c219bf00000003'].map((each) => ({ place: each, isLabelled: true, text: '' }))
  const times = new Json().text({ lines, logs: lines.map(() => log) }).trim().split('\n').map((line) => (JSON.parse(line) as { time: string }).time)
  t.same(times, ['1999-08-24T04:04:05.000000001Z', '1999-08-24T04:04:05.000000002Z', '1999-08-24T04:04:06.000000000Z', '1999-08-24T04:04:05.000000003Z'])
})
