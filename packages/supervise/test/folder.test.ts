import * as fs from 'node:fs'
import { join } from 'node:path'
import { recordLength, type StateRecord, type Status } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import { errnoOf } from '@daemontools-ts/unix'
import t from 'tap'
import { Folder, Refusal } from '../src/folder.ts'
import { initialState, statusOf } from '../src/state.ts'
import { recordOf } from '../src/takeup.ts'
import { countDescriptors, fill, makeFolder, mountSmall } from './scratch.ts'

/** A record and a status of the same moment. */
function at(seconds: number, pid = 0): [StateRecord, Status] {
  const time = { label: fromUnix(seconds, 0), monotonic: 1000 * seconds, random: 0 }
  const state = { ...initialState('up', time), pid, ...(pid !== 0 && { phase: 'up' as const }) }
  return [recordOf(state, time, { startTime: 1, bootId: 'b', keepers: [], leaving: false }), statusOf(state)]
}

function open(t: { teardown(undo: () => void): void }, path: string): Folder {
  const folder = new Folder(path, 'x')
  t.teardown(() => folder.close())
  return folder
}

/** What was refused, and with which errno. */
function refusal(call: () => unknown): [what: string, errno: number] | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [error.what, errnoOf(error.why)]
  }
}

const mode = (path: string): string => fs.statSync(path).mode.toString(8)

t.test('Folder: makes supervise/ with what is in it, as supervise.c does', async (t) => {
  const path = makeFolder(t)
  const umask = process.umask(0o022)
  t.teardown(() => process.umask(umask))
  const folder = open(t, path)
  t.equal(mode(join(path, 'supervise')), '40700')
  t.equal(mode(join(path, 'supervise/lock')), '100600')
  t.equal(mode(join(path, 'supervise/control')), '10600')
  t.strictSame(fs.readdirSync(join(path, 'supervise')).sort(), ['control', 'lock'], 'ok comes last: until then svok says no')
  folder.openOk()
  t.equal(mode(join(path, 'supervise/ok')), '10600')
  fs.closeSync(fs.openSync(join(path, 'supervise/ok'), fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
  folder.publish(...at(1))
  t.equal(mode(join(path, 'supervise/status')), '100644')
  t.equal(mode(join(path, 'supervise/state.json')), '100644')
})

t.test('Folder: what is there already is used', async (t) => {
  const path = makeFolder(t)
  const first = new Folder(path, 'x')
  first.openOk()
  first.close()
  open(t, path).openOk()
})

t.test('Folder: refusals in supervise.c\'s words, and nothing stays open', async (t) => {
  const path = makeFolder(t)
  const before = countDescriptors()
  t.strictSame(refusal(() => new Folder(join(path, 'none'), 'x')), ['unable to chdir to x', 2])
  fs.writeFileSync(join(path, 'file'), '')
  t.strictSame(refusal(() => new Folder(join(path, 'file'), 'x')), ['unable to chdir to x', 20])
  fs.mkdirSync(join(path, 'loop'))
  fs.symlinkSync('down', join(path, 'loop/down'))
  t.strictSame(refusal(() => new Folder(join(path, 'loop'), 'x')), ['unable to stat x/down', 40])
  fs.mkdirSync(join(path, 'a/supervise/lock'), { recursive: true })
  t.strictSame(refusal(() => new Folder(join(path, 'a'), 'x')), ['unable to acquire x/supervise/lock', 21])
  fs.mkdirSync(join(path, 'b/supervise'), { recursive: true })
  fs.writeFileSync(join(path, 'b/supervise/control'), 'u')
  t.throws(() => new Folder(join(path, 'b'), 'x'), { what: 'unable to read x/supervise/control', why: { message: 'not a FIFO' } } as unknown as Error)
  t.equal(fs.readFileSync(join(path, 'b/supervise/control'), 'latin1'), 'u')
  fs.mkdirSync(join(path, 'c/supervise/control'), { recursive: true })
  t.strictSame(refusal(() => new Folder(join(path, 'c'), 'x')), ['unable to write x/supervise/control', 21])
  t.equal(countDescriptors(), before)
})

t.test('Folder: one supervisor at a time, and the next one when it is closed', async (t) => {
  const path = makeFolder(t)
  const first = new Folder(path, 'x')
  const before = countDescriptors()
  t.strictSame(refusal(() => new Folder(path, 'x')), ['unable to acquire x/supervise/lock', 11])
  t.equal(countDescriptors(), before)
  first.close()
  open(t, path)
})

t.test('Folder: supervise may be a link to where it shall be made', async (t) => {
  const path = makeFolder(t)
  const elsewhere = makeFolder(t)
  fs.mkdirSync(join(path, 'x'))
  fs.symlinkSync(join(elsewhere, 'absolute'), join(path, 'x/supervise'))
  open(t, join(path, 'x'))
  t.equal(mode(join(elsewhere, 'absolute')), '40700')
  fs.mkdirSync(join(path, 'y'))
  fs.symlinkSync('../relative', join(path, 'y/supervise'))
  open(t, join(path, 'y'))
  t.equal(mode(join(path, 'relative')), '40700')
})

t.test('wantedUp: there is no file down, not even a link to nothing', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  t.equal(folder.wantedUp, true)
  fs.writeFileSync(join(path, 'down'), '')
  t.equal(folder.wantedUp, false)
  fs.rmSync(join(path, 'down'))
  fs.symlinkSync('nowhere', join(path, 'down'))
  t.equal(folder.wantedUp, true, 'as stat(2) has it')
  fs.rmSync(join(path, 'down'))
  fs.symlinkSync('down', join(path, 'down'))
  t.strictSame(refusal(() => folder.wantedUp), ['unable to stat x/down', 40])
})

t.test('listen: the bytes that are written to control, from any writer', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  let heard = ''
  const done = new Promise<void>((resolve) => folder.listen((bytes) => (heard += bytes.toString('latin1')).length === 4 && resolve()))
  for (const letters of ['du', '\xff', 'x']) fs.appendFileSync(join(path, 'supervise/control'), Buffer.from(letters, 'latin1'))
  await done
  t.equal(heard, 'du\xffx')
})

t.test('listen: a flood comes in order, in pieces, and others have their turn in between', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  const flood = Array.from({ length: 60_000 }, (_, n) => String.fromCharCode(97 + (n % 26))).join('')
  let heard = ''
  let longest = 0
  let turns = 0
  const count = (): void => {
    turns++
    if (heard.length < flood.length) setImmediate(count)
  }
  const done = new Promise<void>((resolve) =>
    folder.listen((bytes) => {
      longest = Math.max(longest, bytes.length)
      heard += bytes.toString('latin1')
      if (heard.length === flood.length) resolve()
    }),
  )
  fs.appendFileSync(join(path, 'supervise/control'), flood)
  count()
  await done
  t.ok(heard === flood)
  t.equal(longest, 1024)
  t.ok(turns > 50, `${turns} turns`)
})

t.test('readTraces: what was published last; nothing where there is nothing or rubbish', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  t.strictSame(folder.readTraces(), { record: undefined, status: undefined })
  const [record, status] = at(5, 7)
  folder.publish(record, status)
  t.strictSame(folder.readTraces(), { record, status })
  fs.writeFileSync(join(path, 'supervise/state.json'), '{')
  fs.writeFileSync(join(path, 'supervise/status'), 'short')
  t.strictSame(folder.readTraces(), { record: undefined, status: undefined })
  fs.rmSync(join(path, 'supervise/status'))
  fs.mkdirSync(join(path, 'supervise/status'))
  t.equal(folder.readTraces().status, undefined)
})

t.test('publish: state.json is written over, status is renamed over, and what has not changed is left', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  const file = (name: string) => fs.statSync(join(path, 'supervise', name), { bigint: true })
  folder.publish(...at(5))
  const [json, status] = [file('state.json'), file('status')]
  t.equal(json.size, BigInt(recordLength))
  t.equal(status.size, 18n)
  folder.publish(...at(5))
  t.strictSame([file('state.json').ctimeNs, file('status').ctimeNs], [json.ctimeNs, status.ctimeNs])
  folder.publish(...at(6))
  t.equal(file('state.json').ino, json.ino)
  t.not(file('status').ino, status.ino)
  const [record] = at(6)
  folder.publish({ ...record, restarts: 1 }, at(6)[1])
  t.equal(folder.readTraces().record?.restarts, 1)
  t.notOk(fs.existsSync(join(path, 'supervise/status.new')))
})

t.test('publish: whatever was state.json before, afterwards it is the record', async (t) => {
  for (const old of ['', '{', 'x'.repeat(1024), `${JSON.stringify({ version: 2, text: 'x'.repeat(2000) })}\n`]) {
    const path = makeFolder(t)
    fs.mkdirSync(join(path, 'supervise'))
    fs.writeFileSync(join(path, 'supervise/state.json'), old)
    const folder = open(t, path)
    folder.publish(...at(5))
    t.strictSame(folder.readTraces().record, at(5)[0], `${old.length} bytes`)
  }
})

t.test('publish: the directory is held, not its name', async (t) => {
  const path = makeFolder(t)
  fs.mkdirSync(join(path, 'a'))
  const folder = open(t, join(path, 'a'))
  fs.renameSync(join(path, 'a'), join(path, 'b'))
  folder.publish(...at(5))
  t.equal(fs.statSync(join(path, 'b/supervise/status')).size, 18)
  t.notOk(fs.existsSync(join(path, 'a')))
})

t.test('publish: of two refusals the first is told, and status is tried all the same', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  fs.mkdirSync(join(path, 'supervise/state.json'))
  t.strictSame(refusal(() => folder.publish(...at(5))), ['unable to open x/supervise/state.json', 21])
  t.strictSame(folder.readTraces().status, at(5)[1])
  fs.mkdirSync(join(path, 'supervise/status.new'))
  t.strictSame(refusal(() => folder.publish(...at(6))), ['unable to open x/supervise/state.json', 21])
  t.strictSame(folder.readTraces().status, at(6)[1], 'written over, where it cannot be renamed over')
  fs.rmdirSync(join(path, 'supervise/state.json'))
  folder.publish(...at(6))
  t.strictSame(folder.readTraces(), { record: at(6)[0], status: at(6)[1] }, 'what was refused is not taken for written')
})

t.test('publish: on a full disk, over what is there; else it is refused, and works when there is room', async (t) => {
  const path = makeFolder(t)
  const why = mountSmall(t, path)
  if (why !== undefined) return void t.pass('not tried', { skip: why })
  const folder = new Folder(path, 'x')
  t.teardown(() => folder.close())
  const filler = join(path, 'filler')
  const sizes = () => ['state.json', 'status'].map((name) => fs.statSync(join(path, 'supervise', name)).size)

  fill(filler)
  t.strictSame(refusal(() => folder.publish(...at(5))), ['unable to write x/supervise/state.json', 28])
  t.strictSame(folder.readTraces(), { record: undefined, status: undefined })
  fs.rmSync(filler)
  folder.publish(...at(5))
  t.strictSame(folder.readTraces(), { record: at(5)[0], status: at(5)[1] })

  fill(filler)
  for (const seconds of [6, 7, 8]) {
    folder.publish(...at(seconds, seconds))
    t.strictSame(folder.readTraces(), { record: at(seconds, seconds)[0], status: at(seconds, seconds)[1] })
    t.strictSame(sizes(), [recordLength, 18])
  }

  // What a supervisor with more to say has left is not cut: a reader would see something else for an instant.
  fs.truncateSync(join(path, 'supervise/status'), 20)
  t.strictSame(refusal(() => folder.publish(...at(9))), ['unable to write x/supervise/status.new', 28])
  t.equal(folder.readTraces().record?.changed.tai, at(9)[0].changed.tai, 'the record is written')
  fs.rmSync(filler)
  folder.publish(...at(9))
  t.strictSame(sizes(), [recordLength, 18])
})

t.test('tally: one more end, and no more than asked for', async (t) => {
  const path = makeFolder(t)
  const folder = open(t, path)
  for (const code of [1, 2, 3]) folder.tally(fromUnix(code, 0), { code }, 2)
  const tally = fs.readFileSync(join(path, 'supervise/death_tally'))
  t.equal(tally.length, 28)
  t.strictSame([tally[12], tally[26]], [2, 3])
  fs.rmSync(join(path, 'supervise/death_tally'))
  fs.mkdirSync(join(path, 'supervise/death_tally'))
  t.strictSame(refusal(() => folder.tally(fromUnix(1, 0), 'unknown', 2)), ['unable to rename x/supervise/death_tally.new to death_tally', 21])
})

t.test('close: nothing stays open', async (t) => {
  const path = makeFolder(t)
  const before = countDescriptors()
  const folder = new Folder(path, 'x')
  folder.openOk()
  const { directory, lock, control, ok } = folder.held
  t.equal(new Set([directory, lock, control, ok]).size, 4)
  folder.close()
  t.equal(countDescriptors(), before)
})
