import { SystemError } from '@daemontools-ts/unix'
import t from 'tap'
import { Reach } from '../src/reach.ts'
import type { Listed } from '../src/rescan.ts'

const [ENOENT, ETIMEDOUT] = [2, 110]
const failed = (name: string, errno: number): Listed => ({ name, type: 'failed', failure: new SystemError('stat', errno) })
const found = (name: string, key: string, mount?: string): Listed => ({ name, type: 'directory', key, isLink: true, log: 'none', ...(mount !== undefined && { mount }) })

t.test('note: where services are, also when their names are gone', async (t) => {
  const reach = new Reach()
  reach.note([found('a', '1', '/far'), found('b', '2'), { name: 'file', type: 'other' }])
  t.strictSame(['1', '2', '3'].map((key) => reach.mountOf(key)), ['/far', undefined, undefined])
  reach.note([failed('a', ETIMEDOUT)])
  t.equal(reach.mountOf('1'), '/far')
  reach.note([])
  t.equal(reach.mountOf('1'), '/far')
  reach.note([found('a', '1')])
  t.equal(reach.mountOf('1'), undefined)
  reach.note([found('a', '1', '/far')])
  reach.forget('1')
  t.equal(reach.mountOf('1'), undefined)
})

t.test('hangs: what did not answer at the last look', async (t) => {
  const reach = new Reach()
  t.notOk(reach.hangs('a'))
  reach.note([failed('a', ETIMEDOUT), failed('b', ENOENT), found('c', '3', '/far')])
  t.strictSame(['a', 'b', 'c'].map((name) => reach.hangs(name)), [true, false, false])
  reach.note([found('a', '1', '/far')])
  t.notOk(reach.hangs('a'))
})
