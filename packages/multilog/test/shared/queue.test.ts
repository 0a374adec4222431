import t from 'tap'
import type { End } from '../../src/request.ts'
import { type Host, Queue } from '../../src/shared/queue.ts'
import { pause, run, type Task } from '../../src/task.ts'

const files = { 0: 0, 1: 1, 4: 4, 5: 5 }

interface Bench {
  queue: Queue
  said: string[]
  /** The processors that run. */
  running: ((end: End | { refused: unknown }) => void)[]
  /** Lets the pauses pass. */
  pass(): void
}

function makeBench(t: { teardown(undo: () => void): void }): Bench {
  const said: string[] = []
  const running: Bench['running'] = []
  const { setTimeout, clearTimeout } = globalThis
  let timers: { call: () => void }[] = []
  Object.assign(globalThis, {
    setTimeout: (call: () => void) => (timers.push({ call }), timers.at(-1)),
    clearTimeout: (timer: { call: () => void }) => void (timers = timers.filter((other) => other !== timer)),
  })
  t.teardown(() => void Object.assign(globalThis, { setTimeout, clearTimeout }))
  const host: Host = {
    warn: (warning) => said.push(`warning ${warning}`),
    run: ({ command }, onEnd) => (said.push(`run ${command}`), running.push(onEnd)),
    onIdle: () => said.push('idle'),
    onError: (error) => said.push(`error ${(error as Error).message}`),
  }
  return { queue: new Queue(host), said, running, pass: () => timers.splice(0).forEach(({ call }) => call()) }
}

function* note(said: string[], name: string, ...waits: (() => Task<unknown>)[]): Task<void> {
  said.push(`${name} begins`)
  try {
    for (const wait of waits) said.push(`${name}: ${JSON.stringify(yield* wait())}`)
  } finally {
    said.push(`${name} ends`)
  }
}

t.test('Queue: what need not wait is done at once', async (t) => {
  const { queue, said } = makeBench(t)
  queue.do(note(said, 'a'))
  queue.do(note(said, 'b'))
  t.strictSame([said, queue.idle], [['a begins', 'a ends', 'b begins', 'b ends'], true])
})

t.test('Queue: what comes behind one that waits keeps its turn, and then it is idle', async (t) => {
  const { queue, said, pass } = makeBench(t)
  queue.do(note(said, 'a', () => pause('full'), () => pause('still full')))
  queue.do(note(said, 'b'))
  t.strictSame([said.splice(0), queue.idle], [['a begins', 'warning full'], false])
  pass()
  t.strictSame(said.splice(0), ['a: undefined', 'warning still full'])
  pass()
  t.strictSame([said, queue.idle], [['a: undefined', 'a ends', 'b begins', 'b ends', 'idle'], true])
})

t.test('Queue: a processor is waited for; its end, or the refusal to start it, is the answer', async (t) => {
  const { queue, said, running } = makeBench(t)
  const processor = (): Task<unknown> => run({ command: 'c', directory: 3, files })
  queue.do(note(said, 'a', processor))
  t.strictSame(said.splice(0), ['a begins', 'run c'])
  running.pop()!({ code: 7 })
  t.strictSame(said.splice(0), ['a: {"code":7}', 'a ends', 'idle'])
  queue.do(note(said, 'b', processor))
  running.pop()!({ refused: new Error('no fork') })
  t.strictSame(said, ['b begins', 'run c', 'b ends', 'error no fork', 'idle'])
})

t.test('Queue: abandoned, it finishes nothing, closes what is open, and hears nothing any more', async (t) => {
  const { queue, said, running, pass } = makeBench(t)
  queue.do(note(said, 'a', () => run({ command: 'c', directory: 3, files }), () => pause('full')))
  queue.do(note(said, 'b'))
  queue.abandon()
  t.strictSame([said.splice(0), queue.idle], [['a begins', 'run c', 'a ends'], true])
  running.pop()!({ code: 0 })
  pass()
  t.strictSame(said, [])
})
