import type { Supervisor } from '@daemontools-ts/supervise'
import { SystemError } from '@daemontools-ts/unix'
import t from 'tap'
import { noteReach } from '../src/reach.ts'
import type { Listed } from '../src/rescan.ts'

const [ENOENT, ETIMEDOUT] = [2, 110]
const failed = (name: string, errno: number): Listed => ({ name, type: 'failed', failure: new SystemError('stat', errno) })
const found = (name: string, key: string): Listed => ({ name, type: 'directory', key, isLink: true, log: 'none' })

/** Two services, and what was said of their supervisors: y and n, in order. */
function furnish() {
  const said: Record<string, string> = { a: '', 'a/log': '', b: '' }
  const supervisor = (dir: string): Supervisor => ({ set reachable(reachable: boolean) { said[dir] += reachable ? 'y' : 'n' } }) as Supervisor
  const services = new Map([
    ['1', { name: 'a', main: supervisor('a'), log: supervisor('a/log') }],
    ['2', { name: 'b', main: supervisor('b'), log: undefined }],
    ['3', { name: 'c', main: undefined, log: undefined }],
  ])
  return { said, look: (...listing: Listed[]) => (noteReach(services, listing), said) }
}

t.test('noteReach: what answers, and what does not', async (t) => {
  const { look } = furnish()
  t.strictSame(look(found('a', '1'), found('b', '2'), found('c', '3')), { a: 'y', 'a/log': 'y', b: 'y' })
  t.strictSame(look(failed('a', ETIMEDOUT), found('b', '2')), { a: 'yn', 'a/log': 'yn', b: 'yy' })
})

t.test('noteReach: nothing is known of what has no name any more, or one that leads elsewhere', async (t) => {
  const { look } = furnish()
  t.strictSame(look(), { a: '', 'a/log': '', b: '' })
  t.strictSame(look(failed('a', ENOENT), found('b', '4')), { a: '', 'a/log': '', b: '' })
  t.strictSame(look(found('renamed', '1'), { name: 'b', type: 'other' }), { a: 'y', 'a/log': 'y', b: '' })
})
