import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Action, type Entry, type Listed, type Occasion, rescan } from '../src/rescan.ts'

const directory = (name: string, key = name, log: 'none' | 'present' = 'none', isLink = true): Listed => ({ name, type: 'directory', key, isLink, log })
const entry = (name: string, running: Partial<Entry> = {}): [string, Entry] => [
  name,
  { key: name, name, hasLog: false, mainRunning: true, logRunning: false, ...running },
]
const none: ReadonlyMap<string, Entry> = new Map()

t.test('new services are added, all of them, then supervised, with their logs if they have one', async (t) => {
  t.strictSame(rescan(none, [directory('a', '1'), directory('b', '2', 'present')], 'periodic'), [
    { do: 'add', key: '1', name: 'a', hasLog: false },
    { do: 'add', key: '2', name: 'b', hasLog: true },
    { do: 'supervise', key: '1' },
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
  t.strictSame(actions, [
    { do: 'add', key: 'c', name: 'c', hasLog: false },
    { do: 'warn', what: 'unable to stat a', why: failure },
    { do: 'warn', what: 'unable to stat b/log', why: failure },
    { do: 'supervise', key: 'c' },
  ])
})

t.test('a known service whose log/ cannot be looked at is supervised all the same', async (t) => {
  const failure = new Error('x')
  const listing: Listed[] = [{ name: 'a', type: 'directory', key: 'a', isLink: true, log: { failure } }]
  const warning = { do: 'warn', what: 'unable to stat a/log', why: failure } as const
  t.strictSame(rescan(new Map([entry('a', { mainRunning: false })]), listing, 'periodic'), [warning, { do: 'supervise', key: 'a' }])
  t.strictSame(rescan(new Map([entry('a', { hasLog: true, logRunning: true })]), listing, 'periodic'), [], 'it has its log: nobody asks for another')
})

t.test('a log/ that a known service has got is added; it may still be being filled, so not at a change', async (t) => {
  const known = new Map([entry('a')])
  for (const occasion of ['periodic', 'asked'] as const) {
    t.strictSame(rescan(known, [directory('a', 'a', 'present')], occasion), [{ do: 'addLog', key: 'a' }, { do: 'superviseLog', key: 'a' }])
  }
  t.strictSame(rescan(known, [directory('a', 'a', 'present')], 'change'), [])
})

t.test('a log/ that is gone changes nothing', async (t) => {
  t.strictSame(rescan(new Map([entry('a', { hasLog: true, logRunning: true })]), [directory('a')], 'periodic'), [])
  t.strictSame(rescan(new Map([entry('a', { hasLog: true })]), [directory('a')], 'periodic'), [{ do: 'superviseLog', key: 'a' }])
})

t.test('a supervisor that ended is started again while the name is there, and dropped after it is gone', async (t) => {
  const known = new Map([entry('a', { mainRunning: false, hasLog: true, logRunning: true })])
  t.strictSame(rescan(known, [directory('a')], 'periodic'), [{ do: 'supervise', key: 'a' }])
  t.strictSame(rescan(known, [], 'periodic'), [], 'its log still runs')
  t.strictSame(rescan(new Map([entry('a', { mainRunning: false })]), [], 'periodic'), [{ do: 'drop', key: 'a' }])
})

t.test('a new directory that is not a link waits for the periodic look, or until somebody asks', async (t) => {
  t.strictSame(rescan(none, [directory('a', 'a', 'none', false)], 'change'), [])
  t.equal(rescan(none, [directory('a', 'a', 'none', false)], 'periodic').length, 2)
  t.equal(rescan(none, [directory('a', 'a', 'none', false)], 'asked').length, 2)
  t.equal(rescan(none, [directory('a', 'a', 'none', true)], 'change').length, 2)
  t.strictSame(rescan(new Map([entry('a', { mainRunning: false })]), [directory('a', 'a', 'none', false)], 'change'), [{ do: 'supervise', key: 'a' }], 'a known one does not wait')
})

t.test('rescan: a running supervisor is never started again, a name that is gone stops nothing, and doing it settles it', async () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', '.f')
  const keys: fc.Arbitrary<string> = fc.constantFrom('1', '2', '3', '4')
  const logs = fc.constantFrom<'none' | 'present' | { failure: unknown }>('none', 'present', { failure: new Error('x') })
  const listed: fc.Arbitrary<Listed> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ name: names, type: fc.constant('directory' as const), key: keys, isLink: fc.boolean(), log: logs }) },
    { weight: 1, arbitrary: fc.record({ name: names, type: fc.constant('other' as const) }) },
    { weight: 1, arbitrary: fc.record({ name: names, type: fc.constant('failed' as const), failure: fc.constant(new Error('x')) }) },
  )
  const listings = fc.uniqueArray(listed, { selector: ({ name }) => name })
  const tables = fc.uniqueArray(
    fc.record({ key: keys, name: names, hasLog: fc.boolean(), mainRunning: fc.boolean(), logRunning: fc.boolean() }),
    { selector: ({ key }) => key },
  )
  const occasions = fc.constantFrom<Occasion>('periodic', 'asked', 'change')
  fc.assert(
    fc.property(tables, listings, occasions, (table, listing, occasion) => {
      const before = new Map(table.map((row) => [row.key, row.hasLog ? row : { ...row, logRunning: false }]))
      const known = new Map([...before].map(([key, row]) => [key, { ...row }]))
      const actions = rescan(known, listing, occasion)
      const isAddition = (action: Action): boolean => action.do === 'add' || action.do === 'addLog'
      const additions = actions.filter(isAddition)
      assert.deepEqual(actions.slice(0, additions.length), additions, 'all pipes are there before anything is started')
      for (const action of actions) apply(known, action)

      assert.deepEqual(rescan(known, listing, occasion).filter((action) => action.do !== 'warn'), [])
      const seen = listing.filter((listed) => listed.type === 'directory' && !listed.name.startsWith('.')) as Extract<Listed, { type: 'directory' }>[]
      for (const { key, isLink, log } of seen) {
        const isFirst = seen.find((other) => other.key === key && (before.has(key) || ((occasion !== 'change' || other.isLink) && typeof other.log !== 'object')))
        const row = known.get(key)
        if (before.has(key)) assert.ok(row?.mainRunning)
        if (isFirst === undefined) assert.equal(row, undefined)
        if (row === undefined) assert.ok(typeof log === 'object' || (occasion === 'change' && !isLink), 'only what cannot be told, or may not be complete, is left')
        else assert.ok(!row.hasLog || row.logRunning)
      }
      for (const [key, row] of before) if (row.mainRunning || row.logRunning) assert.ok(known.has(key), 'what runs is never dropped')
    }),
    { numRuns: 2000 },
  )

  function apply(known: Map<string, Entry>, action: Action): void {
    if (action.do === 'warn') return
    const row = known.get(action.key)
    switch (action.do) {
      case 'add':
        assert.equal(row, undefined)
        known.set(action.key, { key: action.key, name: action.name, hasLog: action.hasLog, mainRunning: false, logRunning: false })
        return
      case 'addLog':
        assert.ok(row !== undefined && !row.hasLog)
        row.hasLog = true
        return
      case 'supervise':
        assert.ok(row !== undefined && !row.mainRunning)
        row.mainRunning = true
        return
      case 'superviseLog':
        assert.ok(row !== undefined && row.hasLog && !row.logRunning)
        row.logRunning = true
        return
      case 'drop':
        assert.ok(row !== undefined && !row.mainRunning && !row.logRunning)
        known.delete(action.key)
    }
  }
})
