import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { addMessage, readMaildrop, removeMessages } from '../src/maildrop.ts'

t.test('a message that was added is read with CRLF, in the order of the names', async (t) => {
  const folder = t.testdir()
  await addMessage(folder, 'b', 'one\ntwo\r\nthree')
  await addMessage(folder, 'a', '\xe9\n')
  t.same(await readMaildrop(folder), [
    { uid: 'a', text: '\xe9\r\n' },
    { uid: 'b', text: 'one\r\ntwo\r\nthree\r\n' },
  ])
  t.same(readdirSync(folder).sort(), ['a', 'b'], 'nothing stays beside')
})

t.test('a message that is still being written is not there', async (t) => {
  const folder = t.testdir()
  writeFileSync(join(folder, '.half'), 'half')
  t.same(await readMaildrop(folder), [])
})

t.test('removeMessages removes those, and does not mind one that is gone', async (t) => {
  const folder = t.testdir({ a: 'a\n', b: 'b\n' })
  await removeMessages(folder, [{ uid: 'a', text: '' }, { uid: 'gone', text: '' }])
  t.same(readdirSync(folder), ['b'])
})

t.test('a link to nothing is left out, what cannot be read is an error', async (t) => {
  const folder = t.testdir({ a: t.fixture('symlink', 'nowhere'), b: 'b\n' })
  t.same((await readMaildrop(folder)).map(({ uid }) => uid), ['b'])
  await t.rejects(readMaildrop(t.testdir({ folder: {} })), { code: 'EISDIR' })
})
