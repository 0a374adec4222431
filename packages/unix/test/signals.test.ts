import { constants } from 'node:os'
import fc from 'fast-check'
import t from 'tap'
import { signalName, signalNumber } from '../src/signals.ts'

t.test('signalName: a name, or the number of one that has none', async (t) => {
  t.equal(signalName(15), 'SIGTERM')
  t.equal(signalName(6), 'SIGABRT', 'the first of two')
  t.equal(signalName(34), '34')
})

t.test('signalNumber: with and without SIG, in either case, and as a number', async (t) => {
  for (const word of ['SIGTERM', 'sigterm', 'SigTerm', 'TERM', 'term', '15']) t.equal(signalNumber(word), 15, word)
  t.equal(signalNumber('01'), 1)
  t.equal(signalNumber('64'), 64)
})

t.test('signalNumber: what is none', async (t) => {
  for (const word of ['', '0', '00', '65', '015', '-1', '+1', '1.5', ' 15', 'SIG', 'SIGSIGTERM', 'NOSUCH', 'toString', 'SIGtoString', '__proto__', '15\n']) {
    t.equal(signalNumber(word), undefined, JSON.stringify(word))
  }
})

t.test('signalNumber(signalName(n)) is n, and each name of the system has its number', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), (number) => signalNumber(signalName(number)) === number))
  fc.assert(fc.property(fc.constantFrom(...Object.entries(constants.signals)), ([name, number]) => signalNumber(name) === number && signalNumber(name.slice(3).toLowerCase()) === number))
  fc.assert(fc.property(fc.string(), (word) => signalNumber(word) === undefined || /^(\d\d?|(SIG)?[A-Z0-9]+)$/i.test(word)))
})
