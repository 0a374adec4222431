/** The loop around state.ts with real processes is in test/supervise.test.ts; here is what happens if something in it throws. */
import * as fs from 'node:fs'
import type { Launcher } from '@daemontools-ts/unix'
import t from 'tap'
import { type Host, Keeper, Supervisor } from '../src/index.ts'
import { hear } from './hearing.ts'
import { makeFolder } from './scratch.ts'
import { Timers } from './timers.ts'

/** Nothing can be started by it. */
const launcher: Launcher = { program: -1, record: -1 }

/** A service directory with a file down, and what becomes of its supervisor. */
function makeHost(t: { teardown(undo: () => void): void }, host: Partial<Host> = {}) {
  const dir = makeFolder(t)
  fs.writeFileSync(`${dir}/down`, '')
  const seen = { left: false }
  const whole: Host = { launcher, keeper: new Keeper(launcher, () => undefined), onLeave: () => (seen.left = true), ...host }
  const state = (): { state: string; want: string } => JSON.parse(fs.readFileSync(`${dir}/supervise/state.json`, 'utf8')) as never
  return { dir, host: whole, seen, state }
}

t.test('an error that nobody expected is said, and is nobody else\'s', async (t) => {
  const timers = new Timers(t)
  const heard = hear(t)
  let tries = 0
  const fail = (): never => {
    tries++
    throw new TypeError('this is not so')
  }
  const bad = makeHost(t, { openDescriptors: fail })
  const good = makeHost(t)
  const badOne = new Supervisor(bad.dir, 'bad', bad.host)
  const goodOne = new Supervisor(good.dir, 'good', good.host)
  badOne.obey('u')
  t.strictSame([tries, heard.lines], [1, ['supervise: warning: internal error in bad, going on: this is not so']])
  goodOne.obey('o')
  goodOne.obey('d')
  t.match(good.state(), { state: 'down', want: 'down' })
  goodOne.obey('x')
  t.ok(good.seen.left)
  timers.pass(5000)
  t.equal(tries, 2, 'what was to be done is tried again')
  badOne.obey('d')
  t.match(bad.state(), { state: 'down', want: 'down' })
  badOne.obey('x')
  t.ok(bad.seen.left)
})

t.test('a supervisor that cannot be made leaves no file open', async (t) => {
  const heard = hear(t)
  const { dir, host, seen } = makeHost(t)
  fs.mkdirSync(`${dir}/supervise`)
  fs.symlinkSync('ok', `${dir}/supervise/ok`)
  const open = (): number => fs.readdirSync('/proc/self/fd').length
  const tryIt = async (): Promise<void> => {
    t.throws(() => new Supervisor(dir, 'sv', host), { message: 'unable to read sv/supervise/ok' })
    await new Promise(setImmediate)
  }
  await tryIt()
  const before = open()
  for (let n = 0; n < 5; n++) await tryIt()
  t.equal(open(), before)
  t.notOk(seen.left)
  t.strictSame(heard.lines, [])
})
