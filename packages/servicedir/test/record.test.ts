import assert from 'node:assert/strict'
import { fromUnix, unpackLabel } from '@daemontools-ts/tai64'
import type { Ending } from '@daemontools-ts/unix'
import fc from 'fast-check'
import t from 'tap'
import { formatRecord, parseRecord, recordLength, type StateRecord } from '../src/record.ts'

const bootId = '1b4ee7c9-9c43-4e07-a6c5-0c7b1a0c9f0a'
const record: StateRecord = {
  phase: 'up',
  want: 'up',
  ...{ paused: false, exiting: false, failed: false },
  process: { pid: 4711, startTime: 123456 },
  bootId,
  changed: fromUnix(1_700_000_000, 500_000_000),
  ready: undefined,
  restarts: 3,
  lastExit: { ending: { signal: 11 }, at: fromUnix(1_699_999_999, 0) },
  nextStart: undefined,
  delay: 0,
  monotonic: { started: 5000.25, notBefore: 6000.25, killAt: undefined },
  keepers: [{ pid: 4712, startTime: 123457 }],
}

t.test('formatRecord: the document of docs/protocol.md, one line, filled up with blanks', async (t) => {
  const text = formatRecord(record)
  t.match(text, /^\{[^\n]*\} *\n$/)
  t.strictSame(JSON.parse(text), {
    version: 1,
    state: 'up',
    pid: 4711,
    startTime: 123456,
    want: 'up',
    ...{ paused: false, exiting: false, failed: false },
    bootId,
    restarts: 3,
    delay: 0,
    since: '@400000006553f10a1dcd6500',
    ready: null,
    nextStart: null,
    lastExit: { signal: 'SIGSEGV', at: '@400000006553f10900000000' },
    monotonic: { started: 5000.25, notBefore: 6000.25, killAt: null },
    keepers: [{ pid: 4712, startTime: 123457 }],
  })
})

t.test('formatRecord: how run ended, in each of the three ways', async (t) => {
  const told = (ending: Ending) => (JSON.parse(formatRecord({ ...record, lastExit: { ending, at: fromUnix(0, 0) } })) as { lastExit: object }).lastExit
  t.match(told({ code: 111 }), { code: 111, signal: undefined, unknown: undefined })
  t.match(told({ signal: 9 }), { signal: 'SIGKILL', code: undefined })
  t.match(told({ signal: 40 }), { signal: '40' }, 'one that has no name')
  t.match(told('unknown'), { unknown: true, code: undefined })
})

const labels = fc.uint8Array({ minLength: 12, maxLength: 12 }).map(unpackLabel)
const numbers = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
const counts = fc.oneof(fc.nat(), fc.maxSafeNat())
const identities = fc.record({ pid: fc.integer({ min: 1, max: 2 ** 22 }), startTime: counts }, { noNullPrototype: true })
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined })
const endings = fc.oneof(
  fc.nat(255).map((code): Ending => ({ code })),
  fc.integer({ min: 1, max: 64 }).map((signal): Ending => ({ signal })),
  fc.constant<Ending>('unknown'),
)
const records: fc.Arbitrary<StateRecord> = fc.record(
  {
    phase: fc.constantFrom('down', 'up', 'finishing', 'left'),
    want: fc.constantFrom('up', 'down', 'once'),
    ...{ paused: fc.boolean(), exiting: fc.boolean(), failed: fc.boolean() },
    process: maybe(identities),
    bootId: fc.constantFrom(bootId, 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
    changed: labels,
    ready: maybe(labels),
    restarts: counts,
    lastExit: maybe(fc.record({ ending: endings, at: labels }, { noNullPrototype: true })),
    nextStart: maybe(labels),
    delay: numbers,
    monotonic: fc.record({ started: numbers, notBefore: numbers, killAt: maybe(numbers) }, { noNullPrototype: true }),
    keepers: fc.array(identities, { maxLength: 5 }),
  },
  { noNullPrototype: true },
)

t.test('parseRecord(formatRecord(record)): the same record; always 1024 bytes', async () => {
  fc.assert(
    fc.property(records, (record) => {
      const text = formatRecord(record)
      assert.equal(Buffer.byteLength(text), 1024)
      assert.deepEqual(parseRecord(text), record)
    }),
    { numRuns: 1000 },
  )
})

t.test('recordLength: the longest that there can be fits, with more keepers than are written', async (t) => {
  const label = unpackLabel(Buffer.alloc(12, 0xff))
  // No number is longer in JSON.
  const number = -Number.MAX_VALUE
  const identity = { pid: number, startTime: number }
  const longest = formatRecord({
    phase: 'finishing',
    want: 'down',
    ...{ paused: false, exiting: false, failed: false },
    process: identity,
    bootId,
    ...{ changed: label, ready: label, nextStart: label },
    restarts: number,
    lastExit: { ending: { signal: 26 }, at: label },
    delay: number,
    monotonic: { started: number, notBefore: number, killAt: number },
    keepers: Array.from({ length: 9 }, () => identity),
  })
  t.equal(longest.length, recordLength)
  t.ok(longest.trimEnd().length < recordLength - 50, `${longest.trimEnd().length} bytes`)
})

t.test('parseRecord: half of it is nothing, at every split', async (t) => {
  const text = formatRecord(record)
  const end = text.trimEnd().length
  for (let at = 0; at < end; at++) if (parseRecord(text.slice(0, at)) !== undefined) t.fail(`cut at ${at}`)
  for (let at = end; at < text.length; at++) t.strictSame(parseRecord(text.slice(0, at)), record)
})

t.test('parseRecord: another version, and fields that it does not know', async (t) => {
  const document = JSON.parse(formatRecord(record)) as object
  t.equal(parseRecord(JSON.stringify({ ...document, version: 2 })), undefined)
  t.equal(parseRecord(JSON.stringify({ ...document, version: '1' })), undefined)
  t.strictSame(parseRecord(JSON.stringify({ ...document, later: [1, { a: 2 }] })), record)
})

t.test('parseRecord: every field is needed', async (t) => {
  const document = JSON.parse(formatRecord({ ...record, lastExit: { ending: { code: 1 }, at: fromUnix(0, 0) } })) as Record<string, unknown>
  for (const name of Object.keys(document)) {
    const { [name]: _, ...rest } = document
    if (name === 'bootId') t.equal(parseRecord(JSON.stringify(rest))?.bootId, 'undefined', 'that of no boot')
    else t.equal(parseRecord(JSON.stringify(rest)), undefined, name)
  }
})

t.test('parseRecord: an end that is none', async (t) => {
  const document = JSON.parse(formatRecord(record)) as { lastExit: object }
  const parse = (lastExit: unknown) => parseRecord(JSON.stringify({ ...document, lastExit }))
  const { at } = document.lastExit as { at: string }
  for (const ending of [{ code: 0 }, { signal: 'SIGHUP' }, { signal: '40' }, { unknown: true }]) t.ok(parse({ ...ending, at }))
  for (const ending of [{}, { code: '0' }, { code: null }, { signal: 'SIGNOSUCH' }, { signal: 65 }, { unknown: false }]) t.equal(parse({ ...ending, at }), undefined, JSON.stringify(ending))
  for (const other of [{ code: 0 }, { code: 0, at: 'now' }, {}, [], 0, 'x', false]) t.equal(parse(other), undefined, JSON.stringify(other))
})

t.test('parseRecord: garbage is nothing, and never throws', async () => {
  const lines = fc.oneof(fc.string(), fc.json(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')), fc.constantFrom('null', '[]', '{}', '1', '{"version":1}'))
  fc.assert(fc.property(lines, (text) => parseRecord(text) === undefined))
})

t.test('parseRecord: with one field exchanged, it is nothing or a record that can be written and read again', async () => {
  const names = fc.constantFrom(...Object.keys(JSON.parse(formatRecord(record)) as object))
  fc.assert(
    fc.property(records, names, fc.jsonValue(), (record, name, value) => {
      const document = { ...(JSON.parse(formatRecord(record)) as object), [name]: value }
      const parsed = parseRecord(JSON.stringify(document))
      if (parsed !== undefined) assert.deepEqual(parseRecord(formatRecord(parsed)), parsed)
    }),
    { numRuns: 2000 },
  )
})
