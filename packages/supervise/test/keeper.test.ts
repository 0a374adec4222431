import * as fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProcess, type Identity, makePipe, spawnLaunch, watchChild } from '@daemontools-ts/unix'
import t from 'tap'
import { Keeper } from '../src/keeper.ts'
import { Pipe } from '../src/pipe.ts'
import { hear } from './hearing.ts'
import { countDescriptors, makeFolder } from './scratch.ts'
import { Timers } from './timers.ts'

/** As `npm run build` leaves it. */
const program = fs.openSync(fileURLToPath(new URL('../../../../dist/lib/launch', import.meta.url)), 'r')

/** Waits for something to be so, looking every few milliseconds. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function furnish(t: { teardown(undo: () => void): void }, isAlone = false) {
  const folder = makeFolder(t)
  const recorded: Identity[][] = []
  const disk = { isFull: false }
  const record = (): void => {
    recorded.push([keeper.identity!, ...keeper.predecessors].filter((one) => one !== undefined))
    if (!disk.isFull) keeper.confirm()
  }
  const keeper: Keeper = new Keeper({ program, record: -1 }, record, isAlone)
  t.teardown(() => keeper.end())
  return { keeper, recorded, disk, makePipe: (name: string) => new Pipe(join(folder, name)) }
}

/** Whether a process has that file open, for reading and writing. */
function holds({ pid }: Identity, pipe: Pipe): boolean {
  const { ino } = fs.fstatSync(pipe.fd)
  return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
    const isIt = fs.statSync(`/proc/${pid}/fd/${fd}`).ino === ino
    return isIt && /^flags:\t\d*2$/m.test(fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))
  })
}

function isLeftOpen(fd: string): boolean {
  const info = `/proc/self/fdinfo/${fd}`
  return fs.existsSync(info) && !/^flags:\t02/m.test(fs.readFileSync(info, 'latin1'))
}

/** It ignores what it has to: nothing of its start is going on any more. */
async function begun(pid: number): Promise<void> {
  const SIGTERM = 1n << 14n
  await until('it to have begun', () => (BigInt(`0x${/^SigIgn:\t(.*)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))![1]}`) & SIGTERM) !== 0n)
}

const isGone = ({ pid, startTime }: Identity): boolean => findProcess(pid)?.startTime !== startTime || findProcess(pid)!.isZombie

t.test('Keeper: a process, once there is something to hold', async (t) => {
  const { keeper, makePipe } = furnish(t)
  keeper.ensure()
  t.equal(keeper.identity, undefined)
  const [a, b] = [makePipe('a'), makePipe('b')]
  keeper.hold(a.fd)
  t.equal(keeper.identity, undefined, 'not before it is asked for: there may be more')
  keeper.ensure()
  const process = keeper.identity!
  t.equal(process.startTime, findProcess(process.pid)!.startTime)
  await begun(process.pid)
  t.ok(holds(process, a))
  keeper.ensure()
  t.strictSame(keeper.identity, process)
  keeper.hold(b.fd)
  await until('it to hold what came later', () => holds(process, b))
  for (const pipe of [a, b]) pipe.close()
})

t.test('Keeper: has nothing else of ours', async (t) => {
  const { keeper, makePipe } = furnish(t)
  const [a, other] = [makePipe('a'), makePipe('other')]
  keeper.hold(a.fd)
  keeper.ensure()
  const { pid } = keeper.identity!
  await begun(pid)
  t.notOk(holds(keeper.identity!, other))
  // The tests were not started by the launcher, which would tell what is not closed on exec.
  const inherited = fs.readdirSync('/proc/self/fd').filter((fd) => isLeftOpen(fd))
  const open = fs.readdirSync(`/proc/${pid}/fd`).filter((fd) => Number(fd) < 3 || !inherited.includes(fd)).map((fd) => [fd, fs.readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/:.*/, '')])
  t.strictSame(open, [['0', 'pipe'], ['1', '/dev/null'], ['2', '/dev/null'], [`${a.fd}`, fs.readlinkSync(`/proc/self/fd/${a.fd}`)]])
  for (const pipe of [a, other]) pipe.close()
})

t.test('Keeper: what it holds lives on, with what is in it', async (t) => {
  const { keeper, makePipe } = furnish(t)
  const pipe = makePipe('a')
  keeper.hold(pipe.fd)
  keeper.ensure()
  const { pid } = keeper.identity!
  await begun(pid)
  const writer = pipe.openWriteEnd()
  // As if the supervisor were killed: nobody else has it open but a service.
  pipe.close()
  fs.writeSync(writer, 'line\n')
  fs.closeSync(writer)
  const next = makePipe('a')
  const buffer = Buffer.alloc(100)
  t.equal(buffer.toString('latin1', 0, fs.readSync(next.fd, buffer)), 'line\n')
  next.close()
})

t.test('Keeper: TERM and the like do not end it; killed, there is another, which holds the same', async (t) => {
  const { keeper, recorded, makePipe } = furnish(t)
  const [a, b, released] = [makePipe('a'), makePipe('b'), makePipe('released')]
  for (const { fd } of [a, b, released]) keeper.hold(fd)
  keeper.ensure()
  const first = keeper.identity!
  await begun(first.pid)
  await until('it to be recorded', () => recorded.length === 1)
  keeper.release(released.fd)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.kill(first.pid, signal)
  process.kill(first.pid, 'SIGKILL')
  await until('another', () => recorded.length === 2)
  const second = keeper.identity!
  t.not(second.pid, first.pid)
  t.strictSame(recorded, [[first], [second]])
  await begun(second.pid)
  t.strictSame([a, b, released].map((pipe) => holds(second, pipe)), [true, true, false])
  for (const pipe of [a, b, released]) pipe.close()
})

t.test('Keeper: why it cannot be started is said once, and it is tried again every 5 seconds', async (t) => {
  const [heard, timers] = [hear(t), new Timers(t)]
  const launcher = { program: -1, record: -1 }
  const keeper = new Keeper(launcher, () => undefined)
  const pipe = new Pipe(join(makeFolder(t), 'a'))
  keeper.hold(pipe.fd)
  for (let looks = 0; looks < 3; looks++) keeper.ensure()
  timers.pass(5000)
  timers.pass(5000)
  t.strictSame(heard.lines, ['supervise: warning: unable to start a keeper of the pipes, trying again in 5 seconds: file does not exist'])
  launcher.program = program
  keeper.ensure()
  t.equal(keeper.identity, undefined, 'not before its time')
  timers.pass(5000)
  t.not(keeper.identity, undefined)
  keeper.end()
  t.equal(timers.count, 0)
  pipe.close()
})

t.test('end: for good', async (t) => {
  const { keeper, recorded, makePipe } = furnish(t)
  const pipe = makePipe('a')
  const before = countDescriptors()
  keeper.hold(pipe.fd)
  keeper.ensure()
  const process = keeper.identity!
  keeper.end()
  t.equal(keeper.identity, undefined)
  t.equal(countDescriptors(), before)
  await until('its end', () => isGone(process))
  keeper.hold(pipe.fd)
  keeper.ensure()
  keeper.end()
  t.equal(keeper.identity, undefined)
  t.strictSame(recorded, [])
  pipe.close()
})

/** `launch keep` as a killed supervisor leaves it, or would have. The lines are what it was told. */
async function orphan(pipe: Pipe, lines: string): Promise<Identity> {
  const commands = makePipe()
  // What the tests have inherited is not its business.
  const close = fs.readdirSync('/proc/self/fd').filter((fd) => Number(fd) > 2 && isLeftOpen(fd))
  const nothing = fs.openSync('/dev/null', 'r+')
  const pid = spawnLaunch({ program }, { args: ['launch', 'keep', ...close], keep: [pipe.fd], moves: [[commands.read, 0], [nothing, 1], [nothing, 2]] })
  const identity = watchChild(pid, () => undefined)
  for (const fd of [commands.read, nothing]) fs.closeSync(fd)
  await begun(pid)
  fs.writeSync(commands.write, lines)
  fs.closeSync(commands.write)
  return { pid, startTime: identity.startTime }
}

t.test('a keeper that was told to stay outlives its supervisor; one that no record may know yet leaves', async (t) => {
  const { makePipe } = furnish(t)
  const [a, b] = [makePipe('a'), makePipe('b')]
  const [told, untold] = [await orphan(a, `${b.fd}\n\n`), await orphan(a, `${b.fd}\n`)]
  t.teardown(() => process.kill(told.pid, 'SIGKILL'))
  await until('the end of the one', () => isGone(untold))
  await until('the other to hold what it was told', () => holds(told, b))
  t.notOk(isGone(told))
  for (const pipe of [a, b]) pipe.close()
})

t.test('succeed: a predecessor is written down beside the new one, which stays from then on, and then ended', async (t) => {
  const { keeper, recorded, makePipe } = furnish(t)
  const pipe = makePipe('a')
  const old = await orphan(pipe, '\n')
  const stranger = { pid: process.pid, startTime: findProcess(process.pid)!.startTime - 1 }
  keeper.hold(pipe.fd)
  keeper.ensure()
  const own = keeper.identity!
  for (const one of [old, old, own, stranger]) keeper.succeed(one)
  t.notOk(isGone(old), 'not before the records are written')
  await until('its end', () => isGone(old))
  t.strictSame(recorded, [[own, old, stranger]], 'once, with all of them')
  t.strictSame(keeper.predecessors, [])
  t.notOk(isGone(own))
  pipe.close()
})

t.test('no predecessor is ended before the new one is on disk', async (t) => {
  const { keeper, recorded, disk, makePipe } = furnish(t)
  const pipe = makePipe('a')
  const old = await orphan(pipe, '\n')
  disk.isFull = true
  keeper.hold(pipe.fd)
  keeper.ensure()
  keeper.succeed(old)
  await until('it to be written down', () => recorded.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.notOk(isGone(old))
  t.strictSame(keeper.predecessors, [old])
  disk.isFull = false
  keeper.confirm()
  await until('its end', () => isGone(old))
  t.strictSame(keeper.predecessors, [])
  pipe.close()
})

t.test('with nothing to hold, a predecessor is ended', async (t) => {
  const { keeper, makePipe } = furnish(t)
  const pipe = makePipe('a')
  const old = await orphan(pipe, '\n')
  keeper.ensure()
  keeper.succeed(old)
  await until('its end', () => isGone(old))
  t.equal(keeper.identity, undefined)
  pipe.close()
})

t.test('alone, it ends a predecessor only if it holds all that this one does', async (t) => {
  const { keeper, recorded, makePipe } = furnish(t, true)
  const [mine, others] = [makePipe('mine'), makePipe('others')]
  const [covered, needed] = [await orphan(mine, '\n'), await orphan(mine, `${others.fd}\n\n`)]
  t.teardown(() => process.kill(needed.pid, 'SIGKILL'))
  await until('it to hold the pipe of others', () => holds(needed, others))
  keeper.hold(mine.fd)
  keeper.ensure()
  keeper.succeed(covered)
  keeper.succeed(needed)
  await until('the end of the one', () => isGone(covered))
  t.equal(recorded.length, 1)
  t.strictSame(keeper.predecessors, [needed], 'and goes on naming the other')
  t.notOk(isGone(needed))
  keeper.release(mine.fd)
  for (const pipe of [mine, others]) pipe.close()
})
