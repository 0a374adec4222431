/** What may happen to a service and its supervisor, in any order, for the properties. */
import { controls, defaultPolicy, type Letter, type Policy } from '@daemontools-ts/servicedir'
import type { Ending } from '@daemontools-ts/unix'
import fc from 'fast-check'
import type { Luck, World } from './world.ts'

const delays = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(20_000)).map(([first, more]) => ({ first, greatest: first + more }))

export const policies: fc.Arbitrary<Policy> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(defaultPolicy) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        finish: fc.boolean(),
        check: fc.boolean(),
        notificationFd: fc.option(fc.constant(3), { nil: undefined }),
        downSignal: fc.integer({ min: 1, max: 64 }),
        timeoutKill: fc.constantFrom(0, 300, 4000),
        timeoutFinish: fc.constantFrom(0, 300, 5000),
        deathTally: fc.constantFrom(0, 1, 100),
        killGroup: fc.boolean(),
        restartDelay: fc.option(delays, { nil: undefined }),
        essential: fc.boolean(),
        last: fc.boolean(),
      },
      { noNullPrototype: true },
    ),
  },
)

export const endings: fc.Arbitrary<Ending> = fc.constantFrom<Ending>({ code: 0 }, { code: 1 }, { code: 125 }, { signal: 9 }, 'unknown')

const kinds = ['tick', 'exit', 'notify', 'check', 'overdue'] as const

export interface Happening {
  what: (typeof kinds)[number] | { letter: Letter }
  /** Milliseconds before it. */
  elapsed: number
  ending: Ending
  luck: Luck
  random: number
  ok: boolean
}

export const happenings: fc.Arbitrary<Happening> = fc.record(
  {
    what: fc.oneof(fc.constantFrom(...kinds, 'tick', 'exit'), fc.constantFrom(...controls.keys()).map((letter) => ({ letter }))),
    elapsed: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 70_000 })),
    ending: endings,
    luck: fc.oneof({ weight: 8, arbitrary: fc.constant<Luck>('starts') }, { weight: 1, arbitrary: fc.constant<Luck>('fails') }, { weight: 1, arbitrary: fc.constant<Luck>('breaks') }),
    random: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    ok: fc.boolean(),
  },
  { noNullPrototype: true },
)

/** Makes it happen, if it can: what does not run does not end, and so on. */
export function happen(world: World, { what, elapsed, ending, luck, random, ok }: Happening): void {
  world.pass(elapsed)
  world.luck = luck
  world.random = random
  if (typeof what === 'object') return world.feed({ type: 'letter', letter: what.letter })
  switch (what) {
    case 'tick':
      return world.canTick ? world.feed({ type: 'tick' }) : undefined
    case 'exit':
      return world.live !== undefined ? world.feed({ type: 'exited', ending }) : undefined
    case 'notify':
      return world.feed({ type: 'notified' })
    case 'check':
      return world.isChecking ? world.feed({ type: 'checked', ok }) : undefined
    case 'overdue':
      return world.feed({ type: 'overdue' })
  }
}
