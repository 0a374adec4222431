/** options.ts. */
import t from 'tap'
import { readOptions } from './options.ts'

t.test('options and their defaults', async (t) => {
  t.match(readOptions([], 42), { seed: 42, rounds: 300, first: 1, services: 30, only: ['ours', 'c', 'runit', 's6'], keep: false })
  t.match(readOptions(['--seed', '0', '--rounds', '5', '--keep', '--only', 'c,ours', '--json', 'x'], 42), { seed: 0, rounds: 5, only: ['c', 'ours'], keep: true, json: 'x' })
})

t.test('kinds are listed with commas, though some have one', async (t) => {
  t.same(readOptions(['--kinds', 'upgrade, kill service,upgrade,full disk'], 1).kinds, ['upgrade, kill service', 'upgrade', 'full disk'])
})

t.test('what is wrong is said', async (t) => {
  t.throws(() => readOptions(['--kinds', 'upgrade,nonsense'], 1), { message: /got "nonsense"$/ })
  t.throws(() => readOptions(['--only', 'systemd'], 1), { message: '--only: expected some of "ours", "c", "runit", "s6"; got "systemd"' })
  t.throws(() => readOptions(['--rounds', '0'], 1), { message: '--rounds: expected a number, got 0' })
  t.throws(() => readOptions(['--rounds'], 1), { message: /^usage: / })
  t.throws(() => readOptions(['--what', '1'], 1), { message: /^usage: / })
})
