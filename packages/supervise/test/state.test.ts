import assert from 'node:assert/strict'
import { controls, defaultPolicy, type Letter, type Policy } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import fc from 'fast-check'
import t from 'tap'
import { type Effect, type Event, initialState, type State, step as stepUnder, type Time } from '../src/state.ts'

/** As in 0.76, if no policy is given. */
const step = (state: State, event: Event, time: Time, policy: Partial<Policy> = {}) => stepUnder(state, event, time, { ...defaultPolicy, ...policy })

const at = (monotonic: number, random = 0): Time => ({ label: fromUnix(Math.floor(monotonic), 0), monotonic, random })
const letter = (name: Letter): Event => ({ type: 'letter', letter: name })
const exited: Event = { type: 'exited', ending: { code: 0 } }
const started: Event = { type: 'started', pid: 7 }

/** Feeds events, a millisecond apart, and returns the last state and what the last event led to. */
function run(from: State, ...events: Event[]): { state: State; effects: Effect[] } {
  let result: { state: State; effects: Effect[] } = { state: from, effects: [] }
  events.forEach((event, index) => (result = step(result.state, event, at(10_000 + index))))
  return result
}

const fresh = (want: 'up' | 'down'): State => initialState(want, at(0))
const up = (want: 'up' | 'down' | 'once' = 'up'): State => ({ ...run(fresh('up'), { type: 'begin' }, started).state, want })
const down = (want: 'up' | 'down' | 'once' = 'down'): State => ({ ...fresh('down'), want })
const types = (effects: Effect[]): string[] => effects.map((effect) => effect.type)

t.test('begin: started unless there is a file down', async (t) => {
  t.strictSame(types(run(fresh('up'), { type: 'begin' }).effects), ['publish', 'start'])
  t.strictSame(types(run(fresh('down'), { type: 'begin' }).effects), ['publish'])
})

t.test('letters: the table of supervise.c', async (t) => {
  const rows: [Letter, State, Partial<State>, string[]][] = [
    ['u', down(), { want: 'up' }, ['publish', 'start']],
    ['u', up('down'), { want: 'up' }, ['publish']],
    ['d', up(), { want: 'down', paused: false }, ['SIGTERM', 'SIGCONT', 'publish']],
    ['d', { ...up(), paused: true }, { want: 'down', paused: false }, ['SIGTERM', 'SIGCONT', 'publish']],
    ['d', down('up'), { want: 'down' }, ['publish']],
    ['o', down(), { want: 'once' }, ['publish', 'start']],
    ['o', up(), { want: 'once' }, ['publish']],
    ['x', up(), { exiting: true }, ['publish']],
    ['x', down(), { exiting: true }, ['publish', 'leave']],
    ['p', up(), { paused: true }, ['publish', 'SIGSTOP']],
    ['p', down(), { paused: true }, ['publish']],
    ['c', { ...up(), paused: true }, { paused: false }, ['publish', 'SIGCONT']],
    ['h', up(), {}, ['SIGHUP']],
    ['a', up(), {}, ['SIGALRM']],
    ['i', up(), {}, ['SIGINT']],
    ['t', up(), {}, ['SIGTERM']],
    ['k', up(), {}, ['SIGKILL']],
    ['q', up(), {}, ['SIGQUIT']],
    ['1', up(), {}, ['SIGUSR1']],
    ['2', up(), {}, ['SIGUSR2']],
    ...[...'haitkq12'].map((name): [Letter, State, Partial<State>, string[]] => [name as Letter, down(), {}, []]),
  ]
  for (const [name, before, changes, effects] of rows) {
    const after = step(before, letter(name), at(20_000))
    const { startDue, notBefore, ...rest } = after.state
    t.match(rest, { ...before, ...changes, startDue: undefined, notBefore: undefined }, `${name}: state`)
    t.strictSame(after.effects.map((effect) => (effect.type === 'signal' ? effect.signal : effect.type)), effects, `${name}: effects`)
  }
})

t.test('exited: wanted up is started again, once and down are not', async (t) => {
  for (const [want, expected] of [['up', ['publish', 'start']], ['once', ['publish']], ['down', ['publish']]] as const) {
    t.strictSame(types(step(up(want), exited, at(20_000)).effects), [...expected], want)
  }
})

t.test('a service that ran less than a second is started a second after its start, and commands are answered meanwhile', async (t) => {
  const running = step(step(fresh('up'), { type: 'begin' }, at(0)).state, started, at(5)).state
  const dead = step(running, exited, at(105))
  t.strictSame(dead.effects, [{ type: 'publish' }, { type: 'wake', at: 1005 }])
  t.strictSame(step(dead.state, { type: 'tick' }, at(1004)).effects, [{ type: 'wake', at: 1005 }], 'too early')
  t.strictSame(step(dead.state, { type: 'tick' }, at(1005)).effects, [{ type: 'start' }])
  t.strictSame(types(step(dead.state, letter('u'), at(200)).effects), ['publish', 'start'], 'svc -u does not wait')
  t.strictSame(types(step(dead.state, letter('x'), at(200)).effects), ['publish', 'leave'])
  const unwanted = step(dead.state, letter('d'), at(200))
  t.strictSame(types(unwanted.effects), ['publish'])
  t.strictSame(step(unwanted.state, { type: 'tick' }, at(1005)).effects, [], 'svc -d takes the start back')
})

t.test('startFailed: tried again in 60 seconds, for once too', async (t) => {
  for (const name of ['u', 'o'] as const) {
    const asked = step(down(), letter(name), at(0)).state
    const failed = step(asked, { type: 'startFailed' }, at(1))
    t.strictSame(failed.effects, [{ type: 'wake', at: 60_001 }])
    t.strictSame(step(failed.state, { type: 'tick' }, at(60_001)).effects, [{ type: 'start' }])
  }
})

t.test('ux starts it and leaves when it ends; xu leaves at once; ox runs once and leaves', async (t) => {
  const ux = run(down(), letter('u'), started, letter('x'))
  t.strictSame(types(step(ux.state, exited, at(20_000)).effects), ['publish', 'leave'])
  t.strictSame(types(run(down(), letter('x')).effects), ['publish', 'leave'])
  const ox = run(down(), letter('o'), started, letter('x'), letter('u'))
  t.strictSame(types(step(ox.state, exited, at(20_000)).effects), ['publish', 'leave'], 'not even u takes x back')
})

t.test('du: stopped, then started again when the old process is gone', async (t) => {
  const du = run(up(), letter('d'), letter('u'))
  t.strictSame(types(step(du.state, exited, at(20_000)).effects), ['publish', 'start'])
})

/** What may happen to a service, obeyed only where it can: a start that was asked for succeeds or fails, what is up can exit. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom<'tick' | 'exit' | 'fail' | Letter>('tick', 'exit', 'fail', ...controls.keys()),
    elapsed: fc.integer({ min: 0, max: 3000 }),
  }),
  { maxLength: 60 },
)

t.test('step: whatever happens in whatever order, djb\'s rules hold', async () => {
  fc.assert(
    fc.property(fc.constantFrom<'up' | 'down'>('up', 'down'), happenings, (want, list) => {
      let clock = 0
      let state = initialState(want, at(0))
      let nextPid = 100
      let wake: number | undefined
      let left = false
      let lastStart = -Infinity

      const feed = (event: Event, mayStartFail: boolean): void => {
        const before = state
        const result = step(state, event, at(clock))
        state = result.state
        for (const effect of result.effects) {
          assert.ok(!left, 'nothing after leave')
          if (effect.type === 'signal') assert.notEqual(state.pid, 0, 'signals go to a live pid only')
          if (effect.type === 'wake') wake = effect.at
          if (effect.type === 'leave') {
            assert.equal(state.pid, 0, 'leaves only when down')
            assert.ok(state.exiting, 'leaves only when told')
            left = true
          }
          if (effect.type === 'start') {
            assert.equal(state.pid, 0, 'never a second copy')
            assert.ok(!state.exiting, 'no start after x')
            const asked = event.type === 'letter' && 'uo'.includes(event.letter)
            assert.ok(asked || clock - lastStart >= 1000, 'by itself, once a second')
            wake = undefined
            if (mayStartFail) feed({ type: 'startFailed' }, false)
            else {
              lastStart = clock
              feed({ type: 'started', pid: nextPid++ }, false)
            }
          }
        }
        if (before.pid !== state.pid) assert.equal(state.changed.tai, fromUnix(clock, 0).tai, 'the label is the time of the pid change')
        else assert.deepEqual(state.changed, before.changed, 'and of nothing else')
        if (!left && state.pid === 0 && state.want === 'up') assert.notEqual(wake, undefined, 'wanted up and down: a start is coming')
      }

      feed({ type: 'begin' }, false)
      for (const { what, elapsed } of list) {
        if (left) return
        clock += elapsed
        if (what === 'tick') {
          if (wake !== undefined && clock >= wake) feed({ type: 'tick' }, false)
        } else if (what === 'exit') {
          if (state.pid !== 0) feed(exited, false)
        } else if (what === 'fail') {
          if (wake !== undefined && clock >= wake) feed({ type: 'tick' }, true)
        } else {
          feed({ type: 'letter', letter: what }, false)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
