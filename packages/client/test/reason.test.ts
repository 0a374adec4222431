import fc from 'fast-check'
import t from 'tap'
import { printable, readReason } from '../src/reason.ts'

t.test('readReason: cause - cure, of the last end only', async (t) => {
  t.same(readReason('wrong password - edit the file - then up\nmore', 2000, 1000), { cause: 'wrong password', cure: 'edit the file - then up' })
  t.same(readReason('wrong-password', 1000, 1000), { cause: 'wrong-password', cure: undefined })
  t.equal(readReason('x', 900, 1000), undefined, 'about an earlier end')
  t.same(readReason('x', 985, 1000), { cause: 'x', cure: undefined }, 'file times are a tick behind')
  t.equal(readReason('', 2000, 1000), undefined)
  t.equal(readReason(' \n', 2000, 1000), undefined)
  t.same(readReason('a - ', 2000, 1000), { cause: 'a', cure: undefined })
})

t.test('printable: nothing that a terminal obeys, and all that is to be read', async (t) => {
  t.equal(printable('a\x1b[31mb\tc\u202e'), 'a?[31mb c?')
  t.equal(printable('Grüße, 日本'), 'Grüße, 日本')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\x00-\x1f\x7f-\x9f]/.test(printable(text)) && printable(text).length === text.length))
})
