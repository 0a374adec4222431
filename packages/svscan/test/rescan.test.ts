import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Action, type Entry, type Listed, rescan } from '../src/rescan.ts'

const directory = (name: string, key = name, log: 'none' | 'present' = 'none', isLink = true): Listed => ({ name, type: 'directory', key, isLink, log })
const entry = (name: string, running: Partial<Entry> = {}): [string, Entry] => [
  name,
  { key: name, name, hasLog: false, mainRunning: true, logRunning: false, ...running },
]
const none: ReadonlyMap<string, Entry> = new Map()

t.test('a new service is added and supervised, with its log if it has one', async (t) => {
  t.strictSame(rescan(none, [directory('a', '1'), directory('b', '2', 'present')], 'periodic'), [
    { do: 'add', key: '1', name: 'a', hasLog: false },
    { do: 'supervise', key: '1' },
    { do: 'add', key: '2', name: 'b', hasLog: true },
    { do: 'supervise', key: '2' },
    { do: 'superviseLog', key: '2' },
  ])
})

t.test('names with a dot in front and things that are no directories are passed over', async (t) => {
  t.strictSame(rescan(none, [directory('.a'), { name: 'file', type: 'other' }], 'periodic'), [])
})

t.test('two names of one directory are one service, and a rename changes nothing', async (t) => {
  t.equal(rescan(none, [directory('a', '1'), directory('b', '1')], 'periodic').length, 2)
  t.strictSame(rescan(new Map([entry('1')]), [directory('renamed', '1')], 'periodic'), [])
})

t.test('what cannot be looked at is said, and does not stop the rest', async (t) => {
  const failure = new Error('x')
  const actions = rescan(none, [{ name: 'a', type: 'failed', failure }, { name: 'b', type: 'directory', key: '2', isLink: true, log: { failure } }, directory('c')], 'periodic')
  t.strictSame(actions.slice(0, 2), [
    { do: 'warn', what: 'unable to stat a', why: failure },
    { do: 'warn', what: 'unable to stat b/log', why: failure },
  ])
  t.match(actions[2], { do: 'add', name: 'c' })
})

t.test('log/ is looked for once: what a known service has now does not matter', async (t) => {
  t.strictSame(rescan(new Map([entry('a')]), [directory('a', 'a', 'present')], 'periodic'), [])
})

t.test('a supervisor that ended is started again while the name is there, and dropped after it is gone', async (t) => {
  const known = new Map([entry('a', { mainRunning: false, hasLog: true, logRunning: true })])
  t.strictSame(rescan(known, [directory('a')], 'periodic'), [{ do: 'supervise', key: 'a' }])
  t.strictSame(rescan(known, [], 'periodic'), [], 'its log still runs')
  t.strictSame(rescan(new Map([entry('a', { mainRunning: false })]), [], 'periodic'), [{ do: 'drop', key: 'a' }])
})

t.test('a new directory that is not a link waits for the periodic look', async (t) => {
  t.strictSame(rescan(none, [directory('a', 'a', 'none', false)], 'change'), [])
  t.equal(rescan(none, [directory('a', 'a', 'none', false)], 'periodic').length, 2)
  t.equal(rescan(none, [directory('a', 'a', 'none', true)], 'change').length, 2)
})

t.test('rescan: a running supervisor is never started again, a name that is gone stops nothing, and doing it settles it', async () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const keys = fc.constantFrom('1', '2', '3', '4')
  const listings = fc.uniqueArray(fc.record({ name: names, key: keys, log: fc.constantFrom<'none' | 'present'>('none', 'present') }), {
    selector: ({ name }) => name,
  })
  const tables = fc.uniqueArray(
    fc.record({ key: keys, name: names, hasLog: fc.boolean(), mainRunning: fc.boolean(), logRunning: fc.boolean() }),
    { selector: ({ key }) => key },
  )
  fc.assert(
    fc.property(tables, listings, (table, names) => {
      const known = new Map(table.map((row) => [row.key, row.hasLog ? row : { ...row, logRunning: false }]))
      const listing = names.map(({ name, key, log }) => directory(name, key, log))
      for (const action of rescan(known, listing, 'periodic')) apply(known, action)
      assert.deepEqual(rescan(known, listing, 'periodic'), [])
      for (const { key } of names) assert.ok(known.get(key)?.mainRunning)
    }),
  )

  function apply(known: Map<string, Entry>, action: Action): void {
    if (action.do === 'warn') return
    const row = known.get(action.key)
    if (action.do === 'add') {
      assert.equal(row, undefined)
      known.set(action.key, { key: action.key, name: action.name, hasLog: action.hasLog, mainRunning: false, logRunning: false })
    } else if (action.do === 'supervise') {
      assert.ok(row !== undefined && !row.mainRunning)
      row.mainRunning = true
    } else if (action.do === 'superviseLog') {
      assert.ok(row !== undefined && row.hasLog && !row.logRunning)
      row.logRunning = true
    } else {
      assert.ok(row !== undefined && !row.mainRunning && !row.logRunning)
      known.delete(action.key)
    }
  }
})
