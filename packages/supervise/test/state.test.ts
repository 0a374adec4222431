/** The table of supervise.c first, then what the optional files add, then whatever may happen. What only real processes show is in test/supervise.test.ts. */
import { defaultPolicy, type Letter, type Policy } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import fc from 'fast-check'
import t from 'tap'
import { type Effect, type Event, initialState, type State, statusOf, step as stepUnder, type Time } from '../src/state.ts'
import { happen, happenings, policies } from './happenings.ts'
import { World } from './world.ts'

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
  const rows: [Letter, State, Partial<State>, (string | number)[]][] = [
    ['u', down(), { want: 'up' }, ['publish', 'start']],
    ['u', up('down'), { want: 'up' }, ['publish']],
    ['d', up(), { want: 'down', paused: false }, [15, 'SIGCONT', 'publish']],
    ['d', { ...up(), paused: true }, { want: 'down', paused: false }, [15, 'SIGCONT', 'publish']],
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
    ...[...'haitkq12'].map((name): [Letter, State, Partial<State>, (string | number)[]] => [name as Letter, down(), {}, []]),
  ]
  for (const [name, before, changes, effects] of rows) {
    const after = step(before, letter(name), at(20_000))
    const { startDue, notBefore, ...rest } = after.state
    t.match(rest, { ...before, ...changes, startDue: undefined, notBefore: undefined }, `${name}: state`)
    t.strictSame(after.effects.map((effect) => (effect.type === 'signal' ? effect.signal : effect.type)), effects, `${name}: effects`)
  }
})

t.test('exited: wanted up is started again, once and down are not, and of once that is the end', async (t) => {
  for (const [want, expected] of [['up', ['publish', 'start']], ['once', ['publish', 'final']], ['down', ['publish']]] as const) {
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

t.test('startFailed: tried again in 60 seconds, for once too, and the disk knows when', async (t) => {
  for (const name of ['u', 'o'] as const) {
    const asked = step(down(), letter(name), at(0)).state
    const failed = step(asked, { type: 'startFailed' }, at(1))
    t.strictSame(failed.effects, [{ type: 'publish' }, { type: 'wake', at: 60_001 }])
    t.strictSame(step(failed.state, { type: 'tick' }, at(60_001)).effects, [{ type: 'start' }])
  }
})

t.test('ux starts it and leaves when it ends; xu leaves at once; ox runs once and leaves', async (t) => {
  const ux = run(down(), letter('u'), started, letter('x'))
  t.strictSame(types(step(ux.state, exited, at(20_000)).effects), ['publish', 'leave'])
  t.strictSame(types(run(down(), letter('x')).effects), ['publish', 'leave'])
  const ox = run(down(), letter('o'), started, letter('x'), letter('u'))
  t.strictSame(types(step(ox.state, exited, at(20_000)).effects), ['publish', 'leave'], 'not even u takes x back')
  const o = run(down(), letter('o'), started, letter('x'))
  t.strictSame(types(step(o.state, exited, at(20_000)).effects), ['publish', 'final', 'leave'], 'what runs once has ended for good')
})

t.test('du: stopped, then started again when the old process is gone', async (t) => {
  const du = run(up(), letter('d'), letter('u'))
  t.strictSame(types(step(du.state, exited, at(20_000)).effects), ['publish', 'start'])
})

t.test('statusOf: the pid of run only, and paused only while it is up', async (t) => {
  const paused = run(up(), letter('p')).state
  t.match(statusOf(paused), { pid: 7, paused: true, want: 'up' })
  const finishing = step(step(paused, exited, at(20_000), { finish: true }).state, { type: 'finishStarted', pid: 8 }, at(20_001), { finish: true }).state
  t.equal(finishing.pid, 8)
  t.match(statusOf(finishing), { pid: 0, paused: false, want: 'up', changed: at(20_000).label })
})

t.test('finish: runs once after each end, then the service is started again', async (t) => {
  const policy = { finish: true }
  const ended = step(up(), { type: 'exited', ending: { signal: 11 } }, at(20_000), policy)
  t.strictSame(ended.effects, [{ type: 'finish', ending: { signal: 11 } }], 'published when finish runs: who is killed before leaves it to be run')
  const finishing = step(ended.state, { type: 'finishStarted', pid: 8 }, at(20_001), policy)
  t.strictSame(finishing.effects, [{ type: 'publish' }, { type: 'wake', at: 25_001 }], 'and is killed after 5 seconds, as by s6')
  t.strictSame(types(step(finishing.state, letter('u'), at(20_002), policy).effects), ['publish', 'wake'], 'u waits for it')
  t.strictSame(types(step(finishing.state, letter('k'), at(20_002), policy).effects), ['wake'], 'signals are for run')
  t.strictSame(types(step(finishing.state, exited, at(21_500), policy).effects), ['publish', 'start'])
})

t.test('finish that cannot be forked is done without', async (t) => {
  const ended = step(up(), exited, at(20_000), { finish: true })
  t.strictSame(types(step(ended.state, { type: 'finishFailed' }, at(20_001), { finish: true }).effects), ['publish', 'start'])
})

t.test('finish that an unexpected error has stopped is tried again at the next tick', async (t) => {
  const ended = step(up(), { type: 'exited', ending: { code: 3 } }, at(20_000), { finish: true })
  t.strictSame(step(ended.state, { type: 'tick' }, at(25_000), { finish: true }).effects, [{ type: 'finish', ending: { code: 3 } }])
})

t.test('timeout-finish: killed once; 0 is for ever', async (t) => {
  const begun = (timeoutFinish: number) => {
    const policy = { finish: true, timeoutFinish }
    return step(step(up(), exited, at(20_000), policy).state, { type: 'finishStarted', pid: 8 }, at(20_000), policy)
  }
  t.strictSame(begun(0).effects, [{ type: 'publish' }])
  const finishing = begun(300).state
  t.strictSame(step(finishing, { type: 'tick' }, at(20_299)).effects, [{ type: 'wake', at: 20_300 }])
  const killed = step(finishing, { type: 'tick' }, at(20_300))
  t.strictSame(killed.effects, [{ type: 'signal', signal: 'SIGKILL' }])
  t.strictSame(step(killed.state, { type: 'tick' }, at(20_301)).effects, [], 'once')
})

t.test('finish exit 125: not started again until u or o, whatever was wanted', async (t) => {
  const finishing = { ...step(up(), exited, at(20_000), { finish: true }).state, pid: 8 }
  const failed = step(finishing, { type: 'exited', ending: { code: 125 } }, at(30_000))
  t.strictSame(failed.effects, [{ type: 'publish' }, { type: 'final', ending: { code: 0 } }], 'final tells how run ended')
  t.match(failed.state, { phase: 'down', want: 'once', failed: true, startDue: false })
  t.strictSame(step(failed.state, { type: 'tick' }, at(99_000)).effects, [])
  for (const name of ['u', 'o'] as const) {
    const asked = step(failed.state, letter(name), at(40_000))
    t.strictSame(types(asked.effects), ['publish', 'start'])
    t.equal(asked.state.failed, false)
  }
  const unwanted = step({ ...finishing, want: 'down' }, { type: 'exited', ending: { code: 125 } }, at(30_000))
  t.strictSame(types(unwanted.effects), ['publish'], 'taken down already: that is not its own end')
  t.equal(unwanted.state.want, 'down')
  t.strictSame(types(step({ ...finishing, startDue: true }, { type: 'exited', ending: { signal: 125 } }, at(30_000)).effects), ['publish', 'start'], 'a signal is no exit code')
})

t.test('down-signal: d sends it instead of TERM, then CONT', async (t) => {
  t.strictSame(step(up(), letter('d'), at(20_000), { downSignal: 2 }).effects.slice(0, 2), [{ type: 'signal', signal: 2 }, { type: 'signal', signal: 'SIGCONT' }])
  t.strictSame(types(step(up(), letter('t'), at(20_000), { downSignal: 2 }).effects), ['signal'])
  t.strictSame(step(up(), letter('t'), at(20_000), { downSignal: 2 }).effects, [{ type: 'signal', signal: 'SIGTERM' }], 't is TERM all the same')
})

t.test('timeout-kill: KILL once, that long after d; u does not take it back, the end does', async (t) => {
  const policy = { timeoutKill: 300 }
  const told = step(up(), letter('d'), at(20_000), policy)
  t.strictSame(told.effects.at(-1), { type: 'wake', at: 20_300 })
  t.strictSame(step(told.state, letter('u'), at(20_100), policy).effects.at(-1), { type: 'wake', at: 20_300 }, 'du is a restart')
  const killed = step(told.state, { type: 'tick' }, at(20_300), policy)
  t.strictSame(killed.effects, [{ type: 'signal', signal: 'SIGKILL' }])
  t.strictSame(step(killed.state, { type: 'tick' }, at(30_000), policy).effects, [], 'once')
  t.strictSame(types(step(told.state, exited, at(20_100), policy).effects), ['publish'], 'it has obeyed')
})

t.test('overdue: KILL at once, to run or finish', async (t) => {
  t.strictSame(step(up(), { type: 'overdue' }, at(20_000)).effects, [{ type: 'signal', signal: 'SIGKILL' }])
  t.strictSame(step(down(), { type: 'overdue' }, at(20_000)).effects, [])
})

t.test('notified: ready, once, and forgotten at the end', async (t) => {
  const ready = step(up(), { type: 'notified' }, at(20_000))
  t.strictSame(ready.effects, [{ type: 'publish' }])
  t.strictSame(ready.state.ready, at(20_000).label)
  const again = step(ready.state, { type: 'notified' }, at(21_000))
  t.strictSame(again.effects, [])
  t.strictSame(again.state.ready, at(20_000).label, 'since then')
  t.equal(step(ready.state, exited, at(22_000)).state.ready, undefined)
  t.strictSame(step(down(), { type: 'notified' }, at(20_000)), { state: down(), effects: [] })
})

t.test('check: at the start, then a second after each failure, until it is ready', async (t) => {
  const policy = { check: true }
  const begun = step(step(fresh('up'), { type: 'begin' }, at(0), policy).state, started, at(5), policy)
  t.strictSame(begun.effects, [{ type: 'publish' }, { type: 'check' }])
  const failed = step(begun.state, { type: 'checked', ok: false }, at(50), policy)
  t.strictSame(failed.effects, [{ type: 'wake', at: 1050 }])
  const second = step(failed.state, { type: 'tick' }, at(1050), policy)
  t.strictSame(second.effects, [{ type: 'check' }])
  const ready = step(second.state, { type: 'checked', ok: true }, at(1100), policy)
  t.strictSame(ready.effects, [{ type: 'publish' }])
  t.strictSame(ready.state.ready, at(1100).label)
  const told = step(failed.state, { type: 'notified' }, at(60), policy)
  t.strictSame(step(told.state, { type: 'tick' }, at(1050), policy).effects, [], 'it has said so itself')
  t.strictSame(step(step(begun.state, exited, at(2000)).state, { type: 'checked', ok: true }, at(2001), policy).state.ready, undefined, 'an answer that comes too late')
})

t.test('max-death-tally: each end of run is told, those of finish are not', async (t) => {
  const policy = { deathTally: 100, finish: true }
  const ended = step(up(), { type: 'exited', ending: { code: 3 } }, at(20_000), policy)
  t.strictSame(ended.effects, [{ type: 'tally', ending: { code: 3 } }, { type: 'finish', ending: { code: 3 } }])
  t.strictSame(types(step({ ...ended.state, pid: 8 }, exited, at(20_001), policy).effects), ['publish', 'start'])
})

t.test('restart-delay: grows, is cut short by u and o, and begins anew then', async (t) => {
  const policy = { restartDelay: { first: 2000, greatest: 5000 } }
  let { state } = step(step(fresh('up'), { type: 'begin' }, at(0), policy).state, started, at(0), policy)
  let clock = 0
  for (const delay of [2000, 4000, 5000, 5000]) {
    const dead = step(state, exited, at(clock + 10), policy)
    t.strictSame(dead.effects, [{ type: 'publish' }, { type: 'wake', at: clock + 10 + delay }])
    clock += 10 + delay
    t.strictSame(step(dead.state, { type: 'tick' }, at(clock), policy).effects, [{ type: 'start' }])
    state = step(dead.state, started, at(clock), policy).state
  }
  const dead = step(state, exited, at(clock + 10), policy).state
  for (const name of ['u', 'o'] as const) t.strictSame(types(step(dead, letter(name), at(clock + 20), policy).effects), ['publish', 'start'])
  const asked = step(step(dead, letter('u'), at(clock + 20), policy).state, started, at(clock + 20), policy).state
  t.strictSame(step(asked, exited, at(clock + 30), policy).effects.at(-1), { type: 'wake', at: clock + 30 + 2000 }, 'from the first on')
})

t.test('step: whatever happens in whatever order, under whatever policy, the rules hold', async () => {
  fc.assert(
    fc.property(fc.boolean(), policies, policies, fc.nat(80), fc.array(happenings, { maxLength: 60 }), (hasDownFile, policy, other, changeAt, list) => {
      const world = new World(hasDownFile, policy)
      for (const [index, happening] of list.entries()) {
        // The files are looked at before each event that they matter to.
        if (index === changeAt) world.policy = other
        happen(world, happening)
      }
    }),
    { numRuns: 3000 },
  )
})
