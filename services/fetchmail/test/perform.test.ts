/** Each step on real files is tested in fetchmail-service.test.ts, against the shell commands that it stands for. Here: what they must not do. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { perform } from '../src/perform.ts'

t.test("'create' and 'keep' never replace what has come into being meanwhile", async (t) => {
  const root = t.testdir({ new: 'ours', conf: 'theirs' })
  t.throws(() => perform({ do: 'create', path: root + '/conf', from: root + '/new' }), { code: 'EEXIST' })
  t.throws(() => perform({ do: 'keep', path: root + '/new', as: root + '/conf' }), { code: 'EEXIST' })
  t.equal(readFileSync(root + '/conf', 'utf8'), 'theirs')
})

t.test("'give' says that there is no such account", async (t) => {
  t.throws(() => perform({ do: 'give', path: t.testdir({}), account: 'no-such-account' }), { message: 'unknown account no-such-account' })
})

t.test("'write' and 'make directory' take bytes as they are", async (t) => {
  const root = t.testdir({})
  perform({ do: 'make directory', path: root + '/\xff', mode: 0o755 })
  perform({ do: 'write', path: root + '/\xff/a', mode: 0o600, content: '\x00\xe9\n' })
  t.same(readFileSync(Buffer.from(root + '/\xff/a', 'latin1')), Buffer.from([0, 0xe9, 10]))
})
