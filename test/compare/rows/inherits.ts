/** What the program behind a command inherits, in surroundings of every kind, to the last descriptor. */
import { inodes, processes } from '../masks.ts'
import { quote, type Row } from '../row.ts'
import { directory, type Tree } from '../stage.ts'

const surroundings: Readonly<Record<string, string>> = {
  'nothing special': '',
  'signals ignored': 'ignore=1 ignore=2 ignore=13 ignore=15 ignore=17 ignore=25 ignore=40',
  'signals blocked': 'block=15 block=1 block=17 block=35',
  'soft limits': 'soft=7:50 soft=1:1000000 soft=4:0 soft=0:30 soft=8:0 soft=9:3000000 soft=2:3000000 soft=3:3000000 soft=6:100',
  'descriptors 3, 5, 9 and 200': 'open=3:three open=5:five open=9:/dev/null open=200:many',
  'a pipe on 7': 'pipe=7',
  '0 closed': 'close=0',
  '2 closed': 'close=2',
  '0, 1 and 2 closed': 'close=0 close=1 close=2',
  'an environment with duplicates and odd names': 'clear env=A=1 env=a.b=2 env=A=3 env==4 env=nothing env=UID=5 env=GID=6 env=UID=7 env=PATH=/usr/bin env=B=%ff%0a env=E=',
  'nice, an alarm and a parent death signal': 'nice=5 alarm=1000 death=15',
}

/** @param before The words between the command and the child. */
export function inheritRows(command: string, before: readonly string[], more: { setup?: Tree; user?: 'nobody' } = {}): Row[] {
  return Object.entries(surroundings).map(([name, words]) => ({
    command,
    name: `what the child inherits: ${name}`,
    script: `umask 027; exec "$TOOLS/surround" ${words} -- "$BIN/${command}" ${before.map(quote).join(' ')} "$TOOLS/print-inherited" printed 'an argument' %ff`,
    masks: [inodes, processes],
    ...more,
    setup: { '.': directory(0o777), ...more.setup },
  }))
}
