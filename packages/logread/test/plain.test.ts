import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { plain } from '../src/plain.ts'

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')

t.test('plain: text is as it is', async (t) => {
  for (const text of ['', 'a\tb ~', 'Grüße, 日本 🙂', '\\x1b']) t.equal(plain(bytesOf(text)), text)
})

t.test('plain: what could steer a terminal is told, not done', async (t) => {
  t.equal(plain('\x1b[2Jx\r\x07\x00\x7f'), '\\x1b[2Jx\\x0d\\x07\\x00\\x7f')
  t.equal(plain(bytesOf('a\u009b31mb\u202ec')), 'a\\x9b31mb\\u{202e}c')
  t.equal(plain('\x9b31m\xff\xfe'), '\\x9b31m\\xff\\xfe', 'bytes that are not UTF-8')
  t.equal(plain(`${bytesOf('ü')}\xfc${bytesOf('\ufffd')}`), 'ü\\xfc\ufffd')
})

t.test('plain: no byte that comes in leaves as a control character', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.doesNotMatch(plain(Buffer.from(bytes).toString('latin1')), /[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]/u)
    }),
  )
})
