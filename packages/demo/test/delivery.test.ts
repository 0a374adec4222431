import fc from 'fast-check'
import t from 'tap'
import { field, packDelivery, unpackDelivery } from '../src/delivery.ts'

t.test('a delivery is the message under its envelope', async (t) => {
  const delivery = { from: 'zoe@remote.example.org', to: ['alice@example.com', 'bob@example.com'], text: 'Subject: x\n\nhello\n' }
  const packed = packDelivery(delivery)
  t.equal(packed, 'X-Envelope-From: <zoe@remote.example.org>\nX-Envelope-To: <alice@example.com>\nX-Envelope-To: <bob@example.com>\nSubject: x\n\nhello\n')
  t.same(unpackDelivery(packed), delivery)
})

t.test('any envelope comes back, an empty sender too', async () => {
  const address = fc.stringMatching(/^[^\n]*$/)
  fc.assert(
    fc.property(address, fc.array(address), (from, to) => {
      const delivery = { from, to, text: 'Subject: x\n\nhello\n' }
      return JSON.stringify(unpackDelivery(packDelivery(delivery))) === JSON.stringify(delivery)
    }),
  )
})

t.test('field finds the first field of that name in the header only', async (t) => {
  const text = 'Subject: one\nSUBJECT: two\n\nTo: body\n'
  t.equal(field(text, 'subject'), 'one')
  t.equal(field(text, 'To'), undefined)
})
