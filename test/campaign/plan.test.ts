/** plan.ts. */
import t from 'tap'
import { allKinds } from './kind.ts'
import { plan } from './plan.ts'

t.test('a plan is a function of the seed', async (t) => {
  t.same(plan(5, 200, 30, allKinds), plan(5, 200, 30, allKinds))
  t.notSame(plan(5, 200, 30, allKinds), plan(6, 200, 30, allKinds))
})

t.test('a longer plan begins with the shorter one', async (t) => {
  t.same(plan(5, 500, 30, allKinds).slice(0, 40), plan(5, 40, 30, allKinds))
})

t.test('each kind comes up once before any does again', async (t) => {
  const rounds = plan(9, allKinds.length * 3, 30, allKinds)
  for (let deck = 0; deck < 3; deck++) {
    const part = rounds.slice(deck * allKinds.length, (deck + 1) * allKinds.length)
    t.same(part.map(({ kind }) => kind).sort(), [...allKinds].sort())
  }
})

t.test('targets are services', async (t) => {
  const targets = new Set(plan(1, 1000, 3, allKinds).flatMap(({ target, probe }) => [target, probe]))
  t.same([...targets].sort(), [0, 1, 2])
})
