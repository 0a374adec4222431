import * as fs from 'node:fs'
import t from 'tap'
import { waitForChild } from '../src/children.ts'
import { exitNow } from '../src/exit.ts'
import { type Ending, type ProcessHandle, signalGroup, watchChild, watchProcess } from '../src/handle.ts'
import { makePipe } from '../src/pipe.ts'
import { findProcess } from '../src/process.ts'
import { spawnLaunch } from '../src/spawn.ts'
import { until } from './until.ts'

const shell = { program: fs.openSync('/bin/sh', 'r') }
const start = (command: string, session = false): number => spawnLaunch(shell, { args: ['sh', '-c', command], keep: [], ...(session && { session: {} }) })

/** One that is not our child: its parent has ended. */
function startOrphan(command: string): number {
  const { read, write } = makePipe()
  const parent = spawnLaunch(shell, { args: ['sh', '-c', `(${command}) >&- & echo $!`], keep: [], moves: [[write, 1]] })
  fs.closeSync(write)
  const pid = Number(fs.readFileSync(read, 'latin1'))
  fs.closeSync(read)
  waitForChild(parent)
  return pid
}

/** Watches with a list of the endings that were told. */
function watched(watch: (onEnd: (ending: Ending) => void) => ProcessHandle | undefined): { handle: ProcessHandle | undefined; endings: Ending[] } {
  const endings: Ending[] = []
  return { handle: watch((ending) => endings.push(ending)), endings }
}

t.test('watchChild: its identity, its end, once', async (t) => {
  const { handle, endings } = watched((onEnd) => watchChild(start('read x'), onEnd))
  t.equal(handle!.startTime, findProcess(handle!.pid)!.startTime)
  await until('its end', () => endings.length > 0)
  t.strictSame(endings, [{ code: 1 }])
  handle!.signal('SIGKILL')
  handle!.signal(64, true)
  t.pass('a signal that comes too late is nothing')
})

t.test('watchChild: signals by name and number', async (t) => {
  for (const signal of ['SIGUSR1', 10, 40] as const) {
    const { handle, endings } = watched((onEnd) => watchChild(start('exec sleep 60'), onEnd))
    handle!.signal(signal)
    await until('its end', () => endings.length > 0)
    t.strictSame(endings, [{ signal: signal === 'SIGUSR1' ? 10 : signal }])
  }
})

t.test('watchChild: the group, if it leads one, else only it', async (t) => {
  const alone = watched((onEnd) => watchChild(start('exec sleep 60'), onEnd))
  alone.handle!.signal('SIGKILL', true)
  await until('its end', () => alone.endings.length > 0)
  t.ok(findProcess(process.pid), 'our own group is not meant')

  const { read, write } = makePipe()
  const leader = spawnLaunch(shell, { args: ['sh', '-c', 'sleep 60 & echo $!; wait'], keep: [], moves: [[write, 1]], session: {} })
  fs.closeSync(write)
  const buffer = Buffer.alloc(20)
  const member = Number(buffer.toString('latin1', 0, fs.readSync(read, buffer)))
  const { handle, endings } = watched((onEnd) => watchChild(leader, onEnd))
  handle!.signal('SIGKILL', true)
  await until('both to end', () => endings.length > 0 && (findProcess(member)?.isZombie ?? true))
  t.strictSame(endings, [{ signal: 9 }])
  fs.closeSync(read)
})

/** @param reaped Whether the leader is, before. */
async function testGroup(t: { equal(found: unknown, wanted: unknown, message: string): void }, reaped: boolean): Promise<void> {
  const { read, write } = makePipe()
  const leader = spawnLaunch(shell, { args: ['sh', '-c', 'sleep 60 & echo $!'], keep: [], moves: [[write, 1]], session: {} })
  fs.closeSync(write)
  const buffer = Buffer.alloc(20)
  const member = Number(buffer.toString('latin1', 0, fs.readSync(read, buffer)))
  fs.closeSync(read)
  const { startTime } = findProcess(leader)!
  while (findProcess(leader)?.isZombie === false); // it is reaped in another turn
  signalGroup({ pid: leader, startTime: startTime + 1 }, 'SIGKILL')
  t.equal(findProcess(member)?.isZombie, false, 'not if the number is another\'s by now')
  if (reaped) await until('the leader to be gone', () => findProcess(leader) === undefined)
  signalGroup({ pid: leader, startTime }, 'SIGKILL')
  await until('the member to end', () => findProcess(member)?.isZombie ?? true)
  signalGroup({ pid: leader, startTime }, 'SIGKILL')
}

t.test('signalGroup: what is left of a group whose leader has ended, and nobody else', async (t) => {
  await testGroup(t, true)
  await testGroup(t, false)
})

t.test('watchProcess: one that is not our child ends unknown', async (t) => {
  const pid = startOrphan('exec sleep 60')
  const identity = { pid, startTime: findProcess(pid)!.startTime }
  const { handle, endings } = watched((onEnd) => watchProcess(identity, onEnd))
  t.match(handle, identity)
  handle!.signal('SIGSTOP')
  await until('it to stop', () => / \(sleep\) T /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1')))
  handle!.signal('SIGCONT')
  handle!.signal(15)
  await until('its end', () => endings.length > 0)
  t.strictSame(endings, ['unknown'])
  handle!.signal('SIGKILL')
  handle!.signal('SIGKILL', true)
  t.pass('a signal that comes too late is nothing')
})

t.test('watchProcess: many at once, each is told of its own', async (t) => {
  const pids = Array.from({ length: 70 }, () => startOrphan('exec sleep 60'))
  const all = pids.map((pid) => watched((onEnd) => watchProcess({ pid, startTime: findProcess(pid)!.startTime }, onEnd)))
  for (const { handle } of all.slice(1)) handle!.signal('SIGKILL')
  await until('their ends', () => all.slice(1).every(({ endings }) => endings.length > 0))
  t.strictSame(all.map(({ endings }) => endings.length), [0, ...Array<number>(69).fill(1)])
  all[0]!.handle!.signal('SIGKILL')
  await until('its end', () => all[0]!.endings.length === 1)
})

t.test('watchProcess: a child of ours is told how it ended', async (t) => {
  const pid = start('read x; exit 3')
  const identity = { pid, startTime: findProcess(pid)!.startTime }
  while (findProcess(pid)?.isZombie === false); // it has ended before anybody watches
  const { endings } = watched((onEnd) => watchProcess(identity, onEnd))
  await until('its end', () => endings.length > 0)
  t.strictSame(endings, [{ code: 3 }])
})

t.test('release: it is watched no more, and another with the same descriptor is', async (t) => {
  const [first, second] = [startOrphan('exec sleep 60'), startOrphan('exec sleep 60')]
  const watch = (pid: number) => watched((onEnd) => watchProcess({ pid, startTime: findProcess(pid)!.startTime }, onEnd))
  const files = (): number => fs.readdirSync('/proc/self/fd').length
  const before = files()
  const released = watch(first)
  released.handle!.release()
  t.equal(files(), before)
  const kept = watch(second)
  process.kill(first, 'SIGKILL')
  const child = watched((onEnd) => watchChild(start('exec sleep 60'), onEnd))
  child.handle!.release()
  process.kill(child.handle!.pid, 'SIGKILL')
  // Whether the orphan is reaped is up to the machine's first process.
  await until('they are gone', () => [first, child.handle!.pid].every((pid) => findProcess(pid)?.isZombie !== false))
  kept.handle!.signal('SIGKILL')
  await until('the end of the other', () => kept.endings.length === 1)
  t.strictSame([released.endings, child.endings], [[], []])
})

t.test('watchProcess: gone, or another of that number', async (t) => {
  const pid = startOrphan('exec sleep 60')
  const { startTime } = findProcess(pid)!
  const fail = (): void => void t.fail('told of an end')
  t.equal(watchProcess({ pid, startTime: startTime - 1 }, fail), undefined)
  t.equal(watchProcess({ pid: 2 ** 22 + 1, startTime }, fail), undefined)
  const child = start('exec sleep 60')
  t.equal(watchProcess({ pid: child, startTime: findProcess(child)!.startTime + 1 }, fail), undefined, 'even if that one is our child')
  watchChild(child, () => undefined).signal('SIGKILL')
  watchProcess({ pid, startTime }, () => undefined)!.signal('SIGKILL')
  await until('its end', () => findProcess(pid)?.isZombie ?? true)
  t.equal(watchProcess({ pid, startTime }, fail), undefined, 'a zombie of somebody else is gone')
})

// The thread that waits for processes would keep this one.
process.on('exit', (code) => exitNow(code))
t.teardown(() => void setImmediate(() => process.exit()))
