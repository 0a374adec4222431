import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { defaultPolicy, hasText, type Policy, policyFiles, readPolicy } from '../src/policy.ts'

/** Each file, what may be in it and what that means. */
const good: [file: string, text: string, part: Partial<Policy>][] = [
  ['finish', 'whatever', { finish: true }],
  ['check', '', { check: true }],
  ['killpg', '', { killGroup: true }],
  ['essential', '', { essential: true }],
  ['last', '', { last: true }],
  ['notification-fd', '3', { notificationFd: 3 }],
  ['notification-fd', '1023', { notificationFd: 1023 }],
  ['timeout-kill', '0', { timeoutKill: 0 }],
  ['timeout-kill', '5000', { timeoutKill: 5000 }],
  ['timeout-kill', '000000010', { timeoutKill: 10 }],
  ['timeout-kill', '86400000', { timeoutKill: 86_400_000 }],
  ['timeout-finish', '0', { timeoutFinish: 0 }],
  ['timeout-finish', '86400000', { timeoutFinish: 86_400_000 }],
  ['max-death-tally', '0', { deathTally: 0 }],
  ['max-death-tally', '4096', { deathTally: 4096 }],
  ['down-signal', '2', { downSignal: 2 }],
  ['down-signal', '64', { downSignal: 64 }],
  ['down-signal', 'INT', { downSignal: 2 }],
  ['down-signal', 'SIGINT', { downSignal: 2 }],
  ['down-signal', 'usr1', { downSignal: 10 }],
  ['restart-delay', '1', { restartDelay: { first: 1, greatest: 60_000 } }],
  ['restart-delay', '100000', { restartDelay: { first: 100_000, greatest: 100_000 } }],
  ['restart-delay', '500 500', { restartDelay: { first: 500, greatest: 500 } }],
  ['restart-delay', '500\t8000', { restartDelay: { first: 500, greatest: 8000 } }],
  ['restart-delay', '500\n8000', { restartDelay: { first: 500, greatest: 8000 } }],
  ['restart-delay', '86400000', { restartDelay: { first: 86_400_000, greatest: 86_400_000 } }],
]

const notNumbers = ['', ' ', 'x', '-1', '+1', '1.5', '1e3', '0x10', '5 6', '5\n6', '5s', '1234567890', '١', '5\0']
const notSignals = ['', 'x', '0', '65', '-1', '115', 'SIG', 'TERM INT', 'SIGSIGTERM', 'SIGNOSUCH', 'toString', 'constructor', '1.5']

/** Each file that says something, what is expected there, and what may not be in it. */
const bad: [file: string, expected: string, texts: string[]][] = [
  ['notification-fd', 'a descriptor from 3 to 1023', [...notNumbers, '0', '1', '2', '1024']],
  ['timeout-kill', 'milliseconds, at most a day', [...notNumbers, '86400001']],
  ['timeout-finish', 'milliseconds, at most a day', [...notNumbers, '86400001']],
  ['max-death-tally', 'a number up to 4096', [...notNumbers, '4097']],
  ['down-signal', 'the name or number of a signal', notSignals],
  [
    'restart-delay',
    'one or two numbers of milliseconds, the smaller first',
    [...notNumbers.filter((text) => !/^5\s6$/.test(text)), '0', '0 5', '500 499', '1 2 3', '86400001', '1 86400001', '5 x', '5 6 x'],
  ],
]

t.test('defaultPolicy: where there is no file, everything is as in 0.76', async (t) => {
  t.strictSame(readPolicy(new Map()), { policy: defaultPolicy, complaints: [] })
  const { timeoutFinish, downSignal, ...rest } = defaultPolicy
  t.equal(downSignal, 15)
  t.equal(timeoutFinish, 5000, 's6\'s; it matters only with a finish')
  t.strictSame(Object.values(rest).filter((value) => value !== false && value !== 0 && value !== undefined), [])
})

t.test('readPolicy: each file, with blanks around', async (t) => {
  for (const [file, text, part] of good) {
    for (const written of [text, `${text}\n`, ` ${text} \r\n\n`]) {
      t.strictSame(readPolicy(new Map([[file, written]])), { policy: { ...defaultPolicy, ...part }, complaints: [] }, `${file}: ${JSON.stringify(written)}`)
    }
  }
})

t.test('readPolicy: what does not belong there is complained about, and the file taken as absent', async (t) => {
  for (const [file, expected, texts] of bad) {
    for (const text of texts) {
      t.strictSame(readPolicy(new Map([[file, text]])), { policy: defaultPolicy, complaints: [{ file, expected }] }, `${file}: ${JSON.stringify(text)}`)
    }
  }
})

/** Names of files that are no policy, some of them properties of every object. */
const others = ['run', 'down', 'log', 'supervise', 'env', 'finish.sample', '.finish', 'Finish', 'toString', 'constructor', '__proto__', 'hasOwnProperty', '']

t.test('policyFiles: these and no others', async (t) => {
  t.strictSame([...policyFiles].sort(), [...new Set([...good, ...bad].map(([file]) => file))].sort())
})

t.test('readPolicy passes over other files', async (t) => {
  t.strictSame(readPolicy(new Map(others.map((file) => [file, '5']))), { policy: defaultPolicy, complaints: [] })
})

t.test('hasText: of a program or a flag only the presence matters', async (t) => {
  for (const [file] of good) t.equal(hasText(file), bad.some(([other]) => other === file), file)
})

t.test('readPolicy: each file speaks for itself, whatever is beside it and in whatever order', async () => {
  const files = fc.oneof(fc.constantFrom(...good), fc.constantFrom(...bad.flatMap(([file, , texts]) => texts.map((text): [string, string, undefined] => [file, text, undefined]))))
  const sets = fc.uniqueArray(files, { selector: ([file]) => file })
  fc.assert(
    fc.property(sets, (set) => {
      const { policy, complaints } = readPolicy(new Map(set.map(([file, text]) => [file, text])))
      assert.deepEqual(policy, Object.assign({}, defaultPolicy, ...set.map(([, , part]) => part)))
      assert.deepEqual(complaints.map(({ file }) => file), set.filter(([, , part]) => part === undefined).map(([file]) => file))
    }),
  )
})
