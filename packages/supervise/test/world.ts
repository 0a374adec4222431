/**
 * A service, its supervisor, a disk and a kernel in one small model: it does with the effects of state.ts what supervisor.ts does with
 * them, and asserts after each what the rules demand. The supervisor can be killed after any single thing that it does.
 */
import assert from 'node:assert/strict'
import { formatRecord, packStatus, parseRecord, type Policy, unpackStatus } from '@daemontools-ts/servicedir'
import { fromUnix, type Tai64n, toUnix } from '@daemontools-ts/tai64'
import type { Identity } from '@daemontools-ts/unix'
import { type Effect, type Event, type State, statusOf, step, type Time } from '../src/state.ts'
import { recordOf, stateOf, takeUp } from '../src/takeup.ts'
import { firstRules, follow, type Rules, signalsOf } from './rules.ts'

interface Process extends Identity {
  kind: 'run' | 'finish'
  /** On the wall's clock. */
  born: number
  /** It waits to be let go, and leaves if its supervisor dies. */
  isGated: boolean
}

/** How the next start of run or finish goes; `breaks`: by an error that nobody expected. */
export type Luck = 'starts' | 'fails' | 'breaks'

/** Milliseconds after which what such an error has stopped is tried again. */
const afterErrorMilliseconds = 5000

class Broken extends Error {}
class Killed extends Error {}

export class World {
  /** Milliseconds: of Unix time, and of the boot. */
  wall = 1_700_000_000_000
  monotonic = 7000
  policy: Policy
  luck: Luck = 'starts'
  random = 0
  /** How many things the supervisor still does. */
  fuse = Infinity
  rules: Rules
  live: Process | undefined
  left = false
  readonly #hasDownFile: boolean
  #state: State
  #wake: number | undefined
  #isChecking = false
  #isUnpublished = false
  #boot = 1
  #births = 0
  /** How often finish was run, past its gate, since run was started. */
  #finishes = 0
  #disk: { json: string; status: Buffer; rules: Rules }

  /** The supervisor starts. */
  constructor(hasDownFile: boolean, policy: Policy) {
    this.policy = policy
    this.#hasDownFile = hasDownFile
    this.rules = this.#freshRules()
    this.#disk = { json: '', status: Buffer.alloc(0), rules: this.rules }
    this.#state = this.#begin()
  }

  get canTick(): boolean {
    return this.#wake !== undefined && this.monotonic >= this.#wake
  }

  get isChecking(): boolean {
    return this.#isChecking
  }

  pass(milliseconds: number): void {
    this.wall += milliseconds
    this.monotonic += milliseconds
  }

  /** Something happens to the supervisor, which it may not survive. */
  feed(event: Event): void {
    if (event.type === 'exited') this.live = undefined
    if (event.type === 'tick') this.#wake = undefined
    if (event.type === 'checked') this.#isChecking = false
    try {
      this.#handle(event)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      this.fuse = 0
    }
    if (this.fuse <= 0) return
    this.#verify()
    if (event.type === 'tick' && !this.left) assert.ok(this.#wake === undefined || this.#wake > this.monotonic, 'a tick is not followed by another at once')
  }

  /** The supervisor is dead. Time passes, the process may end meanwhile, or the machine be started anew; then there is another supervisor. */
  succeed(milliseconds: number, meanwhile: 'nothing' | 'end' | 'boot' | 'end as it looks'): void {
    // The one gap: written down, and killed before the gate is opened. Then it will not be run.
    if (this.live?.isGated === true && this.live.kind === 'finish' && parseRecord(this.#disk.json)?.process?.startTime === this.live.startTime) this.#finishes++
    if (this.live?.isGated === true || meanwhile === 'end' || meanwhile === 'boot') this.live = undefined
    this.pass(milliseconds)
    if (meanwhile === 'boot') {
      this.#boot++
      this.monotonic = 3000
    }
    this.fuse = Infinity
    this.#wake = undefined
    this.#isChecking = false
    this.#isUnpublished = false
    this.left = false
    this.#state = this.#begin(meanwhile === 'end as it looks')
  }

  #begin(endsNow = false): State {
    const record = parseRecord(this.#disk.json)
    const bootId = `boot ${this.#boot}`
    const isTold = record !== undefined && record.bootId === bootId && record.phase !== 'left'
    const { phase, ready } = this.#disk.rules
    this.rules = isTold ? { ...this.#disk.rules, checkBy: phase === 'up' && !ready ? this.monotonic : undefined } : this.#freshRules()
    const found = takeUp(
      {
        ...{ record, status: unpackStatus(this.#disk.status), bootId },
        isRunning: ({ pid, startTime }) => this.live?.pid === pid && this.live.startTime === startTime,
        findByStatus: ({ pid, changed }) => this.#findByLabel(pid, changed),
      },
      !this.#hasDownFile,
      this.#time(),
    )
    const { live } = this
    assert.deepEqual(found.process, live && { pid: live.pid, startTime: live.startTime }, 'what runs is taken up, and nothing else')
    if (live !== undefined) assert.equal(found.state.phase, live.kind === 'run' ? 'up' : 'finishing')
    const hasEnded = isTold && record.process !== undefined && live === undefined
    assert.deepEqual(found.gone, hasEnded ? record.process : undefined, 'what is gone is told')
    assert.deepEqual(found.event, hasEnded ? { type: 'exited', ending: 'unknown' } : undefined)
    this.#state = found.state
    this.#write()
    if (endsNow && live !== undefined) this.feed({ type: 'exited', ending: 'unknown' })
    else this.feed(found.event ?? { type: 'begin' })
    return this.#state
  }

  #handle(event: Event): void {
    try {
      this.#react(event)
      if (this.#isUnpublished && !this.left) this.#write()
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      this.#wake = this.monotonic + afterErrorMilliseconds
      if (this.rules.due !== undefined) this.rules = { ...this.rules, due: { ...this.rules.due, latest: Math.max(this.rules.due.latest, this.#wake) } }
    }
  }

  #react(event: Event): void {
    if (this.left) return
    const before = this.rules
    this.rules = follow(before, event, this.wall, this.monotonic, this.policy)
    const { state, effects } = step(Object.freeze(this.#state), event, this.#time(), this.policy)
    this.#state = state
    this.#judge(before, event, effects)
    for (const effect of effects) this.#perform(effect)
  }

  /** Whether these are the effects of that event. */
  #judge(before: Rules, event: Event, effects: readonly Effect[]): void {
    const find = <Type extends Effect['type']>(type: Type) => effects.filter((effect): effect is Effect & { type: Type } => effect.type === type)
    const { rules, policy } = this
    assert.deepEqual(find('signal').map(({ signal }) => signal), signalsOf(before, event, this.live !== undefined, this.monotonic, policy), 'signals')
    const hasEnded = before.phase === 'up' && event.type === 'exited'
    const looksAgain = ['begin', 'tick'].includes(event.type) || (event.type === 'letter' && 'uo'.includes(event.letter))
    const isUnfinished = looksAgain && before.phase === 'finishing' && this.live === undefined
    assert.deepEqual(find('finish'), (hasEnded && policy.finish) || isUnfinished ? [{ type: 'finish', ending: rules.ending }] : [], 'finish: once for each end')
    assert.deepEqual(find('tally'), hasEnded && policy.deathTally > 0 ? [{ type: 'tally', ending: event.ending }] : [], 'tally: once for each end')
    const isSettled = before.phase !== 'down' && rules.phase === 'down'
    if (before.phase === 'finishing' && event.type === 'exited') assert.equal(this.#finishes, 1, 'finish runs once for each end, whoever is killed')
    const isFinal = isSettled && rules.want === 'once' && rules.due === undefined
    assert.deepEqual(find('final'), isFinal ? [{ type: 'final', ending: rules.ending }] : [], 'final: it stays down, and nobody has taken it down')
    const leaves = rules.exiting && rules.phase === 'down' && (isSettled || !before.exiting)
    assert.equal(find('leave').length, leaves ? 1 : 0, 'leaves once, when it is down and was told to')
    const isCheckDue = (event.type === 'started' && policy.check) || (event.type === 'tick' && before.checkBy !== undefined && rules.checkBy === undefined)
    assert.equal(find('check').length, isCheckDue ? 1 : 0, 'checked at each start, and a second after each failure')
    for (const type of ['start', 'leave', 'wake'] as const) if (find(type).length > 0) assert.equal(effects.at(-1)!.type, type, `${type} comes last`)
  }

  #perform(effect: Effect): void {
    assert.ok(!this.left, 'nothing after leave')
    this.#do()
    switch (effect.type) {
      case 'publish':
        this.#isUnpublished = true
        return
      case 'start': {
        const { due, exiting, failed } = this.rules
        assert.ok(!exiting, 'no start after x')
        assert.ok(!failed, 'no start after finish said that it is no use, until somebody asks')
        assert.ok(due !== undefined && this.monotonic >= due.earliest, 'not started before its time')
        return this.#spawn('run', 'startFailed', (pid) => ({ type: 'started', pid }))
      }
      case 'finish':
        return this.#spawn('finish', 'finishFailed', (pid) => ({ type: 'finishStarted', pid }))
      case 'check':
        if (!this.policy.check) return
        assert.ok(this.rules.phase === 'up' && !this.rules.ready, 'no check of what is down or ready')
        assert.ok(!this.#isChecking || this.rules.started === this.monotonic, 'one check at a time')
        this.#isChecking = true
        return
      case 'signal':
        assert.ok(this.live?.isGated === false, 'signals go to a live process only')
        return
      case 'wake':
        this.#wake = effect.at
        return
      case 'leave':
        assert.equal(this.live, undefined, 'leaves only when nothing runs')
        this.left = true
        this.#write()
    }
  }

  #spawn(kind: 'run' | 'finish', failed: 'startFailed' | 'finishFailed', started: (pid: number) => Event): void {
    assert.equal(this.live, undefined, 'never a second process')
    if (this.luck === 'breaks') throw new Broken()
    if (this.luck === 'fails') return this.#react({ type: failed })
    // Numbers come round.
    const process: Process = { pid: 100 + (this.#births++ % 3), startTime: this.#births, kind, born: this.wall, isGated: true }
    this.live = process
    this.#do()
    this.#handle(started(process.pid))
    this.#do()
    process.isGated = false
    if (kind === 'finish') this.#finishes++
  }

  #write(): void {
    this.#isUnpublished = false
    const { live } = this
    const surroundings = { startTime: live?.startTime ?? 0, bootId: `boot ${this.#boot}`, keepers: [], leaving: this.left }
    this.#do()
    this.#disk = { ...this.#disk, json: formatRecord(recordOf(this.#state, this.#time(), surroundings)), rules: this.rules }
    if (live?.kind === 'run') this.#finishes = 0
    this.#do()
    this.#disk = { ...this.#disk, status: packStatus(statusOf(this.#state)) }
  }

  /** What must be so whenever an event has been dealt with. */
  #verify(): void {
    const { rules, live } = this
    const state = this.#state
    const { phase, pid, want, paused, exiting, failed, restarts, delay } = state
    const isBroken = rules.phase === 'finishing' && live === undefined
    if (!this.left && !isBroken) {
      assert.equal(pid, live?.pid ?? 0)
      assert.equal(phase, live === undefined ? 'down' : live.kind === 'run' ? 'up' : 'finishing')
      if (!this.#isUnpublished) this.#compareDisk()
    }
    const ready = state.ready !== undefined
    const { started, ending, changed, due, killAt, checkBy, ...same } = rules
    assert.deepEqual({ phase, want, paused, exiting, failed, restarts, delay, ready }, same)
    assert.deepEqual(state.changed, labelOf(changed), 'the label is that of the last start or end of run')
    assert.deepEqual(state.lastExit?.ending, ending)
    assert.equal(state.startDue, due !== undefined, 'a start is due')
    if (due !== undefined) assert.ok(state.notBefore >= due.earliest && state.notBefore <= due.latest, 'at that time')
    if (this.left) return
    if (isBroken) assert.ok(this.#wake !== undefined, 'what an error has stopped is tried again')
    if (want === 'up' && phase === 'down') assert.ok(due !== undefined, 'wanted up and down: a start is coming')
    const moments = [phase === 'down' ? due?.latest : undefined, killAt, checkBy].filter((moment) => moment !== undefined)
    for (const moment of moments) assert.ok(this.#wake !== undefined && this.#wake <= moment, 'there will be a tick in time')
  }

  /** All but that a KILL was sent: that one may be sent again. */
  #compareDisk(): void {
    const { checkAt, ...told } = stateOf(parseRecord(this.#disk.json)!)
    const { checkAt: _, ...known } = this.#state
    assert.deepEqual({ ...told, killAt: undefined }, { ...known, killAt: undefined }, 'the disk knows')
    assert.deepEqual(unpackStatus(this.#disk.status), statusOf(this.#state), 'the disk knows')
  }

  /** The supervisor does one thing, or is killed before it. */
  #do(): void {
    if (this.fuse-- <= 0) throw new Killed()
  }

  #freshRules(): Rules {
    return firstRules(!this.#hasDownFile, this.wall, this.monotonic)
  }

  #time(): Time {
    return { label: labelOf(this.wall), monotonic: this.monotonic, random: this.random }
  }

  /** As evidence.ts does. */
  #findByLabel(pid: number, changed: Tai64n): Identity | undefined {
    const { live } = this
    return live?.pid === pid && Math.abs(live.born - toUnix(changed) * 1000) <= 1500 ? { pid, startTime: live.startTime } : undefined
  }
}

function labelOf(milliseconds: number): Tai64n {
  return fromUnix(Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1_000_000)
}
