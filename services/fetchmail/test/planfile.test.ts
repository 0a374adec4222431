import t from 'tap'
import { planConfiguration, planDirectories, planOwnedDirectory, planProgram } from '../src/planfile.ts'
import type { Entry } from '../src/system.ts'
import { makeSystem } from './model.ts'

const ours = { content: 'new' }
const file = (content: string, mode = 0o755): Entry => ({ kind: 'file', uid: 0, mode, content })

t.test('planDirectories makes what is missing, once, from the top', async (t) => {
  t.same(planDirectories(makeSystem(), ['/var/a/b', '/var/a/c']).map((step) => 'path' in step && step.path), ['/var/a', '/var/a/b', '/var/a/c'])
})

t.test('planOwnedDirectory gives a directory of somebody else to its account, and does not touch its mode', async (t) => {
  const accounts = new Map([['multilog', { uid: 9, gid: 9 }]])
  const withOwner = (uid: number) => makeSystem({ accounts, entries: new Map([['/var/log', { kind: 'directory', mode: 0o2750, uid }]]) })
  t.same(planOwnedDirectory(withOwner(0), '/var/log', 'multilog'), [{ do: 'give', path: '/var/log', account: 'multilog' }])
  t.same(planOwnedDirectory(withOwner(9), '/var/log', 'multilog'), [])
  t.same(planOwnedDirectory(withOwner(0), '/var/log', undefined), [])
})

t.test('planConfiguration leaves alone whatever has the name, even a link that leads nowhere', async (t) => {
  const entries = new Map<string, Entry>([['/var/conf', { kind: 'other', mode: 0o777, uid: 0, target: '/gone' }]])
  t.same(planConfiguration(makeSystem({ entries }), '/var/conf', ours, 0o600, 'fetchmail'), [])
})

t.test('planProgram keeps a changed file under the first free name', async (t) => {
  const kept = (entries: [string, Entry][]) =>
    planProgram(makeSystem({ entries: new Map(entries) }), '/run', ours, 0o755).flatMap((step) => (step.do === 'keep' ? [step.as] : []))
  t.same(kept([['/run', file('mine')]]), ['/run.old'])
  t.same(kept([['/run', file('mine')], ['/run.old', file('older')]]), ['/run.old.2'])
  t.same(kept([['/run', file('mine')], ['/run.old', file('older')], ['/run.old.2', file('mine')]]), [], 'kept already')
  t.same(kept([['/run', file('new', 0o644)]]), [], 'only the mode differs')
})

t.test('planProgram does nothing to a file that is right, but for a leftover beside it', async (t) => {
  const entries = new Map([['/run', file('new')]])
  t.same(planProgram(makeSystem({ entries }), '/run', ours, 0o755), [])
  entries.set('/run.installing', file('half'))
  t.same(planProgram(makeSystem({ entries }), '/run', ours, 0o755), [{ do: 'unlink', path: '/run.installing' }])
})
