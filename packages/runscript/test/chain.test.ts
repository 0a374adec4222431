import t from 'tap'
import { chainOf } from '../src/chain.ts'
import { parseScript } from '../src/parse.ts'

const brief = (command: string): string[] => chainOf(parseScript(command).commands[0]!.words).map(({ program, args }) => [program, ...args.map(({ text }) => text)].join(' '))

t.test('chain: each program with its own arguments', async (t) => {
  t.same(brief('exec env -i A=1 HOME="$PWD" setuidgid fetchmail /usr/bin/fetchmail -v --nodetach'), ['exec', 'env -i A=1 HOME=$PWD', 'setuidgid fetchmail', 'fetchmail -v --nodetach'])
  t.same(brief('exec softlimit -m 300000 -o20 envdir ./env setlock -nx lock prog'), ['exec', 'softlimit -m 300000 -o20', 'envdir ./env', 'setlock -nx lock', 'prog'])
  t.same(brief('exec chpst -u log -e ./env -P svlogd -tt ./main'), ['exec', 'chpst -u log -e ./env -P', 'svlogd -tt ./main'])
  t.same(brief('nice -n 5 nohup sudo -u mail -- prog x'), ['nice -n 5', 'nohup', 'sudo -u mail --', 'prog x'])
  t.same(brief('exec'), ['exec'])
  t.same(brief('constructor x'), ['constructor x'])
})
