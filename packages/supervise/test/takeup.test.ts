/** docs/protocol.md, "Taking up": its table row by row, then a supervisor that is killed anywhere. With real processes: test/supervise.test.ts. */
import assert from 'node:assert/strict'
import { defaultPolicy, formatRecord, type Letter, packStatus, parseRecord, type StateRecord, type Status, unpackStatus } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import fc from 'fast-check'
import t from 'tap'
import { type Event, initialState, type State, statusOf, step, type Time } from '../src/state.ts'
import { recordOf, stateOf, type Takeup, takeUp, type Traces } from '../src/takeup.ts'
import { endings, happen, happenings, policies } from './happenings.ts'
import { World } from './world.ts'

const bootId = 'this boot'
const at = (seconds: number): Time => ({ label: fromUnix(seconds, 0), monotonic: seconds * 1000, random: 0 })
const surroundings = { startTime: 4000, bootId, keepers: [], leaving: false }
/** The process of the tests, and who has its number later. */
const service = { pid: 7, startTime: 4000 }
const stranger = { pid: 7, startTime: 9000 }

const play = (...events: Event[]): State =>
  events.reduce((state, event) => step(state, event, at(100), { ...defaultPolicy, finish: true }).state, initialState('up', at(100)))
const letter = (name: Letter): Event => ({ type: 'letter', letter: name })
const up = play({ type: 'begin' }, { type: 'started', pid: 7 }, letter('p'), { type: 'notified' })
const finishing = play({ type: 'begin' }, { type: 'started', pid: 9 }, { type: 'exited', ending: { code: 3 } }, { type: 'finishStarted', pid: 7 })
const pausing: State = { ...finishing, phase: 'down', pid: 0, killAt: undefined, restarts: 5, delay: 2000, notBefore: 160_000 }
const unwanted = initialState('down', at(100))
const record = (state: State, changes: Partial<StateRecord> = {}): StateRecord => ({ ...recordOf(state, at(100), surroundings), ...changes })

/** What is found at second 130 of what was left at 100, if only that process runs. */
function find(traces: { record?: StateRecord; status?: Status; runs?: { pid: number; startTime: number }; byStatus?: { pid: number; startTime: number }; wantedUp?: boolean }): Takeup {
  const { record, status, runs, byStatus, wantedUp = true } = traces
  const kernel: Traces = {
    ...{ record, status: status ?? (record && statusOf(stateOf(record))), bootId },
    isRunning: ({ pid, startTime }) => runs?.pid === pid && runs.startTime === startTime,
    findByStatus: ({ pid }) => (byStatus?.pid === pid ? byStatus : undefined),
  }
  return takeUp(kernel, wantedUp, at(130))
}
const fresh = (want: 'up' | 'down'): Takeup => ({ state: initialState(want, at(130)) })

t.test('nothing was left, or nothing that can be read: by the file down', async (t) => {
  t.strictSame(find({}), fresh('up'))
  t.strictSame(find({ wantedUp: false }), fresh('down'))
})

t.test('this boot, and the process runs: everything is as it was', async (t) => {
  t.strictSame(find({ record: record(up), runs: service, wantedUp: false }), { state: up, process: service })
  t.strictSame(find({ record: record(finishing), runs: service }), { state: finishing, process: service })
  const told = play({ type: 'begin' }, { type: 'started', pid: 7 }, letter('d'), letter('x'))
  t.match(find({ record: record(told), runs: service }).state, { want: 'down', exiting: true, phase: 'up', pid: 7 }, 'x is not forgotten')
})

t.test('the number is a stranger\'s by now: not taken up, counted as ended', async (t) => {
  const found = find({ record: record(up), runs: stranger })
  t.equal(found.process, undefined)
  t.strictSame(found.gone, service, 'some of its group may be left')
  t.strictSame(found.event, { type: 'exited', ending: 'unknown' })
  const { state, effects } = step(found.state, found.event!, at(130), defaultPolicy)
  t.strictSame(effects, [{ type: 'publish' }, { type: 'start' }])
  t.match(state, { phase: 'down', pid: 0, restarts: 1, lastExit: { ending: 'unknown', at: at(130).label } })
})

t.test('finish has ended meanwhile: run is started again, and how it ended is still known', async (t) => {
  const found = find({ record: record(finishing) })
  const { state, effects } = step(found.state, found.event!, at(130), { ...defaultPolicy, finish: true })
  t.strictSame(effects, [{ type: 'publish' }, { type: 'start' }])
  t.strictSame(state.lastExit, { ending: { code: 3 }, at: at(100).label })
})

t.test('finish was never started: it is run', async (t) => {
  const found = find({ record: record({ ...finishing, pid: 0, killAt: undefined }) })
  t.strictSame(step(found.state, found.event ?? { type: 'begin' }, at(130), defaultPolicy).effects, [{ type: 'publish' }, { type: 'finish', ending: { code: 3 } }])
})

t.test('this boot, and nothing ran: what was wanted down stays down, a pause goes on', async (t) => {
  t.strictSame(find({ record: record(unwanted) }), { state: unwanted })
  t.strictSame(find({ record: record(pausing), wantedUp: false }), { state: pausing })
  t.strictSame(step(pausing, { type: 'begin' }, at(130), defaultPolicy).effects, [{ type: 'publish' }, { type: 'wake', at: 160_000 }])
})

t.test('another boot, or left by intent: by the file down, whoever has the number now', async (t) => {
  for (const changes of [{ bootId: 'the last one' }, { phase: 'left' }] as const) {
    for (const runs of [service, undefined]) {
      t.strictSame(find({ record: record(up, changes), ...(runs && { runs }) }), fresh('up'))
      t.strictSame(find({ record: record(up, changes), ...(runs && { runs }), wantedUp: false }), fresh('down'))
    }
  }
})

t.test('only a status, of a C supervise that was killed', async (t) => {
  const status: Status = { pid: 7, want: 'once', paused: true, changed: at(90).label }
  const found = find({ status, byStatus: service })
  t.strictSame(found.process, service)
  t.match(found.state, { phase: 'up', pid: 7, want: 'once', paused: true, changed: at(90).label, startDue: false, exiting: false })
  t.equal(found.event, undefined)
  t.strictSame(find({ status }), fresh('up'), 'it is gone: C would start it')
  t.strictSame(find({ status: { ...status, pid: 0, want: 'down' }, byStatus: service, wantedUp: true }), fresh('up'), 'it was down: as by C, the file down tells')
})

t.test('what a C supervise has started is asked whether it is ready as well', async (t) => {
  const { state } = find({ status: { pid: 7, want: 'up', paused: false, changed: at(90).label }, byStatus: service })
  t.strictSame(step(step(state, { type: 'begin' }, at(130), defaultPolicy).state, { type: 'tick' }, at(130), defaultPolicy).effects, [{ type: 'check' }])
})

t.test('a C supervise was here after us', async (t) => {
  const theirs: Status = { pid: 12, want: 'up', paused: false, changed: at(110).label }
  const alive = find({ record: record(up), status: theirs, byStatus: { pid: 12, startTime: 5000 } })
  t.strictSame(alive.process, { pid: 12, startTime: 5000 }, 'it has started another')
  t.match(alive.state, { phase: 'up', pid: 12, restarts: 0, ready: undefined, lastExit: undefined })
  t.equal(find({ record: record(up), status: { ...theirs, changed: up.changed }, byStatus: { pid: 12, startTime: 5000 } }).state.pid, 12, 'at the very same time')
  t.strictSame(find({ record: record(up), status: theirs }), fresh('up'), 'that is gone too')
  t.strictSame(find({ record: record(unwanted), status: { ...theirs, pid: 0 } }), fresh('up'), 'it has left it down')
})

t.test('killed between state.json and status: the first tells the truth', async (t) => {
  const before = statusOf(initialState('up', at(50)))
  t.strictSame(find({ record: record(up), status: before, runs: service }), { state: up, process: service })
  t.strictSame(find({ record: record(up), status: before }).event, { type: 'exited', ending: 'unknown' })
  const running = statusOf({ ...up, changed: at(60).label })
  t.strictSame(find({ record: record(pausing), status: running }), { state: pausing }, 'it has ended; its status is the old one')
})

/** As they may be written down. */
const moments = fc.double({ min: 0, max: 1e9, noNaN: true })
const labels = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(999_999_999)).map(([seconds, nanoseconds]) => fromUnix(seconds, nanoseconds))
const states: fc.Arbitrary<State> = fc.record(
  {
    phase: fc.constantFrom('down', 'up', 'finishing'),
    pid: fc.integer({ min: 1, max: 2 ** 22 }),
    want: fc.constantFrom('up', 'down', 'once'),
    ...{ paused: fc.boolean(), exiting: fc.boolean(), failed: fc.boolean(), startDue: fc.boolean() },
    changed: labels,
    ready: fc.option(labels, { nil: undefined }),
    restarts: fc.nat(),
    lastExit: fc.option(fc.record({ ending: endings, at: labels }, { noNullPrototype: true }), { nil: undefined }),
    ...{ delay: fc.nat(), started: moments, notBefore: moments },
    killAt: fc.option(moments, { nil: undefined }),
    checkAt: fc.option(moments, { nil: undefined }),
  },
  { noNullPrototype: true },
).map((state) => ({ ...state, pid: state.phase === 'down' ? 0 : state.pid, startDue: state.startDue && state.want !== 'down' && !state.exiting })) as fc.Arbitrary<State>

t.test('stateOf(recordOf(state)): the same state, but that check is due at once if it is up and not ready', async () => {
  fc.assert(
    fc.property(states, fc.nat(1e9), (state, now) => {
      const time = { label: fromUnix(now, 0), monotonic: now, random: 0 }
      const told = parseRecord(formatRecord(recordOf(state, time, surroundings)))!
      const checkAt = state.phase === 'up' && state.ready === undefined ? state.started : undefined
      assert.deepEqual(stateOf(told), { ...state, checkAt })
      const left = stateOf(recordOf(state, time, { ...surroundings, leaving: true }))
      assert.equal(left.phase, 'down', 'who has left has left nothing running')
    }),
  )
})

t.test('recordOf: the next start is when the monotonic clock will be there, and not in the past', async (t) => {
  const due = { ...unwanted, startDue: true, notBefore: 100_000 }
  t.strictSame(recordOf({ ...due, notBefore: 101_500 }, at(100), surroundings).nextStart, fromUnix(101, 500_000_000))
  t.strictSame(recordOf({ ...due, notBefore: 3000 }, at(100), surroundings).nextStart, fromUnix(100, 0))
  t.strictSame(recordOf({ ...due, notBefore: 100_000.25 }, { ...at(100), label: fromUnix(100, 999_900_000) }, surroundings).nextStart, fromUnix(101, 150_000), 'carried over')
  t.equal(recordOf(unwanted, at(100), surroundings).nextStart, undefined)
})

t.test('takeUp: whatever was left, only a process that runs is taken up, and nothing that nobody wants is started', async () => {
  const pids = fc.integer({ min: 1, max: 3 })
  const processes = fc.record({ pid: pids, startTime: fc.integer({ min: 1, max: 2 }) }, { noNullPrototype: true })
  const records = fc.tuple(states, pids, fc.record({ bootId: fc.constantFrom(bootId, 'another'), leaving: fc.boolean(), startTime: fc.integer({ min: 1, max: 2 }) }))
  const statuses = fc.record({ pid: fc.nat(3), want: fc.constantFrom<Status['want']>('up', 'down', 'once'), paused: fc.boolean(), changed: labels }, { noNullPrototype: true })
  fc.assert(
    fc.property(fc.option(records), fc.option(statuses), fc.uniqueArray(processes, { selector: ({ pid }) => pid }), fc.boolean(), (left, status, running, wantedUp) => {
      const own = left && recordOf({ ...left[0], pid: left[0].phase === 'down' ? 0 : left[1] }, at(100), { ...surroundings, ...left[2] })
      const traces: Traces = {
        ...{ record: own ?? undefined, status: status === null ? undefined : unpackStatus(packStatus(status)), bootId },
        isRunning: (process) => running.some(({ pid, startTime }) => pid === process.pid && startTime === process.startTime),
        findByStatus: (status) => running.find(({ pid }) => pid === status.pid),
      }
      const { state, process, gone, event } = takeUp(traces, wantedUp, at(130))
      assert.ok(process === undefined || traces.isRunning(process))
      if (process !== undefined) assert.ok(state.pid === process.pid && state.phase !== 'down' && event === undefined)
      assert.ok(gone === undefined || (process === undefined && !traces.isRunning(gone)))
      const { effects } = step(state, event ?? { type: 'begin' }, at(130), defaultPolicy)
      const starts = effects.some(({ type }) => type === 'start')
      assert.ok(!starts || process === undefined, 'never a second copy')
      if (state.phase !== 'down' && process === undefined) assert.ok(event !== undefined || (state.phase === 'finishing' && state.pid === 0), 'what has ended is told')
      assert.ok(!starts || (state.want !== 'down' && !state.exiting), 'nor what nobody wants')
    }),
    { numRuns: 3000 },
  )
})

t.test('whoever is killed wherever, the next one starts nothing twice, stops nothing, and forgets nothing that was written', async () => {
  const successions = fc.record(
    {
      happening: happenings,
      /** Things that the supervisor still does. */
      fuse: fc.nat(14),
      pause: fc.oneof(fc.nat(1000), fc.nat(100_000)),
      meanwhile: fc.constantFrom('nothing', 'nothing', 'end', 'end as it looks', 'boot'),
    } as const,
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(fc.boolean(), policies, fc.array(fc.oneof(happenings, successions), { maxLength: 50 }), (hasDownFile, policy, list) => {
      const world = new World(hasDownFile, policy)
      for (const item of list) {
        if ('fuse' in item) {
          world.fuse = item.fuse
          happen(world, item.happening)
          world.succeed(item.pause, item.meanwhile)
        } else {
          happen(world, item)
        }
      }
    }),
    { numRuns: 3000 },
  )
})
