import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import fc from 'fast-check'
import t from 'tap'
import { Shutdown } from '../src/shutdown.ts'
import type { Service } from '../src/service.ts'

interface Test {
  teardown(undo: () => void): void
}

/** Timers that are moved by hand, and what is said. Tests that use it are synchronous: others need the real ones. */
class Surroundings {
  readonly said: string[] = []
  #now = 0
  #pending: { at: number; call: () => void }[] = []
  readonly #undo: () => void

  constructor() {
    const { setTimeout, setImmediate, clearTimeout } = globalThis
    const { writeSync } = fs
    const start = (call: () => void, milliseconds = 0) => {
      const timer = { at: this.#now + milliseconds, call }
      this.#pending.push(timer)
      return timer
    }
    const stop = (timer: object): void => void (this.#pending = this.#pending.filter((other) => other !== timer))
    const write = (fd: number, bytes: Buffer): number => (fd === 2 ? this.said.push(bytes.toString('latin1')) : writeSync(fd, bytes))
    Object.assign(globalThis, { setTimeout: start, setImmediate: (call: () => void) => start(call), clearTimeout: stop })
    fs.writeSync = write as typeof writeSync
    syncBuiltinESMExports()
    this.#undo = () => {
      Object.assign(globalThis, { setTimeout, setImmediate, clearTimeout })
      fs.writeSync = writeSync
      syncBuiltinESMExports()
    }
  }

  get pending(): number {
    return this.#pending.length
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (;;) {
      const next = this.#pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#now = next.at
      this.#pending.splice(this.#pending.indexOf(next), 1)
      next.call()
    }
    this.#now = end
  }

  restore(): void {
    this.#undo()
  }
}

/** A supervisor that notes what it is told, and leaves when the test lets it. */
class Fake {
  readonly dir: string
  readonly want: string
  readonly told: string[] = []
  last = false
  readonly #onTold: () => void

  constructor(dir: string, want: string, onTold: () => void = () => undefined) {
    this.dir = dir
    this.want = want
    this.#onTold = onTold
  }

  isLast(): boolean {
    return this.last
  }

  obey(letter: string): void {
    this.told.push(letter)
    this.#onTold()
  }

  kill(): void {
    this.told.push('kill')
    this.#onTold()
  }
}

function makeService(name: string, { main, log }: { main?: Fake | undefined; log?: Fake | undefined }): { service: Service; closed: () => number } {
  let closed = 0
  const pipe = log && { close: () => closed++ }
  return { service: { key: name, name, pipe, main, log } as unknown as Service, closed: () => closed }
}

function surround(t: Test): Surroundings {
  const surroundings = new Surroundings()
  t.teardown(() => surroundings.restore())
  return surroundings
}

t.test('Shutdown: services first, as by svc -dx; a logger when its service has left; then it is over', async (t) => {
  const world = surround(t)
  const [main, log, alone] = [new Fake('a', 'up'), new Fake('a/log', 'up'), new Fake('b', 'down')]
  const a = makeService('a', { main, log })
  const b = makeService('b', { main: alone })
  const ends: boolean[] = []
  const shutdown = new Shutdown([a.service, b.service], 60_000, (killed) => ends.push(killed))
  t.strictSame(main.told, [], 'in another turn')
  world.pass(0)
  t.strictSame([main.told, alone.told, log.told, a.closed()], [['d', 'x'], ['d', 'x'], [], 0])
  b.service.main = undefined
  shutdown.advance(b.service)
  a.service.main = undefined
  shutdown.advance(a.service)
  t.strictSame([log.told, a.closed(), a.service.pipe], [['o', 'x'], 1, undefined], 'it runs once more if it is between two runs, and sees the end of its input')
  t.strictSame(ends, [])
  a.service.log = undefined
  shutdown.advance(a.service)
  t.strictSame([ends, a.closed(), world.pending, world.said], [[false], 1, 0, []])
})

t.test('Shutdown: what is last is told when everything else has left, loggers too, and is not killed before', async (t) => {
  const world = surround(t)
  const [main, log, needed] = [new Fake('a', 'up'), new Fake('a/log', 'up'), new Fake('b', 'up')]
  needed.last = true
  const a = makeService('a', { main, log })
  const b = makeService('b', { main: needed })
  const ends: boolean[] = []
  const shutdown = new Shutdown([b.service, a.service], 8000, (killed) => ends.push(killed))
  world.pass(0)
  t.strictSame([main.told, needed.told], [['d', 'x'], []])
  world.pass(9000)
  t.strictSame([main.told.at(-1), needed.told], ['kill', []], 'late, but not its turn')
  a.service.main = undefined
  shutdown.advance(a.service)
  t.strictSame(needed.told, [], 'a logger is still there')
  a.service.log = undefined
  shutdown.advance(a.service)
  t.strictSame(needed.told, ['d', 'x'])
  world.pass(1000)
  t.strictSame(needed.told, ['d', 'x', 'kill'], 'now it is as late as the others were')
  b.service.main = undefined
  shutdown.advance(b.service)
  t.strictSame([ends, world.pending], [[true], 0])
})

t.test('Shutdown: if all are last, all are told', async (t) => {
  const world = surround(t)
  const only = new Fake('a', 'up')
  only.last = true
  new Shutdown([makeService('a', { main: only }).service], 0, () => undefined)
  world.pass(0)
  t.strictSame(only.told, ['d', 'x'])
})

t.test('Shutdown: a logger that is not wanted up is not started for it', async (t) => {
  const world = surround(t)
  for (const want of ['down', 'once']) {
    const log = new Fake('a/log', want)
    new Shutdown([makeService('a', { log }).service], 0, () => undefined)
    world.pass(0)
    t.strictSame(log.told, ['x'], want)
  }
})

t.test('Shutdown: with nothing to stop it is over at once', async (t) => {
  const world = surround(t)
  for (const services of [[], [makeService('a', {}).service], [makeService('a', {}).service, makeService('b', {}).service]]) {
    const ends: boolean[] = []
    new Shutdown(services, 60_000, (killed) => ends.push(killed))
    world.pass(0)
    t.strictSame([ends, world.pending], [[false], 0], `${services.length} services`)
  }
})

t.test('Shutdown: what has not ended in time is killed, loggers a second later, again each second, and that is told', async (t) => {
  const world = surround(t)
  const [main, log] = [new Fake('a', 'up'), new Fake('a/log', 'up')]
  const [other, otherLog] = [undefined, new Fake('b/log', 'up')]
  const services = [makeService('a', { main, log }), makeService('b', { main: other, log: otherLog })]
  const ends: boolean[] = []
  const shutdown = new Shutdown(services.map(({ service }) => service), 8000, (killed) => ends.push(killed))
  world.pass(7999)
  t.strictSame([main.told, otherLog.told], [['d', 'x'], ['o', 'x']])
  world.pass(1)
  const sentence = (name: string): string => `svscan: warning: ${name} has not ended in 8 seconds, killing it\n`
  t.strictSame([main.told, log.told, otherLog.told, world.said], [['d', 'x', 'kill'], [], ['o', 'x'], [sentence('a')]])
  world.pass(1000)
  t.strictSame([main.told.length, otherLog.told, world.said.slice(1)], [4, ['o', 'x', 'kill'], [sentence('a'), sentence('b/log')]], 'its finish, perhaps')
  world.pass(3000)
  t.strictSame([main.told.length, otherLog.told.length, world.said.length], [7, 6, 3], 'in silence from then on')
  const [a, b] = services.map(({ service }) => service) as [Service, Service]
  a.main = a.log = b.log = undefined
  shutdown.advance(a)
  shutdown.advance(b)
  t.strictSame([ends, world.pending], [[true], 0])
})

t.test('Shutdown: without a deadline nothing is killed', async (t) => {
  const world = surround(t)
  const main = new Fake('a', 'up')
  new Shutdown([makeService('a', { main }).service], 0, () => undefined)
  world.pass(1e9)
  t.strictSame([main.told, world.pending], [['d', 'x'], 0])
})

t.test('Shutdown: whatever obeys whenever, it is over once, no logger is told before its service has left, and none is left behind', async () => {
  /** Milliseconds after `x` until it leaves; undefined: only a kill ends it. */
  const obedience = fc.option(fc.oneof(fc.constant(0), fc.nat(20_000)), { nil: undefined })
  const services = fc.array(fc.record({ main: fc.option(obedience.map((after) => ({ after })), { nil: undefined }), log: fc.option(obedience.map((after) => ({ after })), { nil: undefined }), want: fc.constantFrom('up', 'down', 'once') }), { maxLength: 6 })
  fc.assert(
    fc.property(services, fc.constantFrom(1000, 8000), (plans, deadline) => {
      const world = new Surroundings()
      try {
        const ends: boolean[] = []
        let isKilled = false
        let shutdown: Shutdown | undefined
        const all = plans.map(({ main, log, want }, index) => {
          const name = `s${index}`
          const leave = (part: 'main' | 'log'): void => {
            if (made.service[part] === undefined) return
            made.service[part] = undefined
            shutdown!.advance(made.service)
          }
          const react = (part: 'main' | 'log', after: number | undefined) => (): void => {
            const fake = made.service[part] as unknown as Fake
            const last = fake.told.at(-1)
            if (part === 'log') assert.equal(made.service.main, undefined, 'a logger reads until its service has left')
            if (last === 'kill') isKilled = true
            if (last === 'kill') setImmediate(() => leave(part))
            // One that is down leaves while it is told.
            if (last === 'x' && after === 0) leave(part)
            else if (last === 'x' && after !== undefined) setTimeout(() => leave(part), after)
          }
          const made: ReturnType<typeof makeService> = makeService(name, {
            main: main && new Fake(name, 'up', react('main', main.after)),
            log: log && new Fake(`${name}/log`, want, react('log', log.after)),
          })
          return made
        })
        shutdown = new Shutdown(all.map(({ service }) => service), deadline, (killed) => ends.push(killed))
        world.pass(200_000)
        assert.deepEqual(ends, [isKilled])
        for (const { service, closed } of all) {
          assert.ok(service.main === undefined && service.log === undefined && service.pipe === undefined)
          assert.ok(closed() <= 1)
        }
      } finally {
        world.restore()
      }
    }),
    { numRuns: 500 },
  )
})
