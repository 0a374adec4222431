/** setuidgid and envuidgid: accounts of every kind, as root and as nobody. */
import { quote, type Row, shown } from '../row.ts'
import { childRows, programs } from './children.ts'
import { inheritRows } from './inherits.ts'

const accounts = ['root', 'daemon', 'bin', 'sync', 'games', 'mail', 'nobody', 'nosuchaccount', '', '0', '65534', '-1', 'nobody:nogroup', 'NOBODY', ' nobody', 'nobody ', 'nobody\n', '--', '-x', '\xff', 'n\xc3\xb6body', 'x'.repeat(40), 'x'.repeat(5000), '*', '+', '#', 'nobody:x:65534']

/** @param show A child that tells whose it is. */
function accountRows(command: string, show: string): Row[] {
  const row = (name: string, script: string): Row => ({ command, name, script, setup: programs })
  return [
    ...['', ' nobody', ' nosuchaccount', ' ""', ' --', ' -x'].map((args) => row(`usage: ${command}${args}`, `exec "$BIN/${command}"${args}`)),
    ...accounts.flatMap((account) => {
      const name = shown(account.length > 50 ? `${account.slice(0, 10)}… (${account.length} characters)` : account)
      const line = row(`account "${name}"`, `exec "$BIN/${command}" ${quote(account)} ${show}`)
      return [line, { ...line, name: `${line.name}, as nobody`, user: 'nobody' as const }]
    }),
    row('an unknown account and a missing program', `exec "$BIN/${command}" nosuchaccount missing`),
    row('it works where the working directory is closed', `cd closed; exec "$BIN/${command}" nobody sh -c 'pwd; cat prog; ./prog'`),
    row('twice', `exec "$BIN/${command}" daemon "$BIN/${command}" nobody ${show}`),
    row('many arguments', `exec "$BIN/${command}" nobody sh -c 'echo $#' sh ${Array.from({ length: 3000 }, (_, n) => n).join(' ')}`),
    row('an argument that is too long', `exec "$BIN/${command}" nobody echo "$(head -c 131072 /dev/zero | tr '\\0' x)" 2>&1 | head -c 200`),
    row('a long argument', `exec "$BIN/${command}" nobody sh -c 'echo \${#1}' sh "$(head -c 131000 /dev/zero | tr '\\0' x)"`),
    row('usage, stderr is closed', `exec "$BIN/${command}" 2>&-`),
  ]
}

export const setuidgidRows: Row[] = [
  ...accountRows('setuidgid', 'id'),
  {
    command: 'setuidgid',
    name: 'a limit on processes',
    // one of nobody's must be there already
    script: '/usr/bin/setuidgid nobody sleep 60 &\nreach sh -c "[ \\$(stat -c %U /proc/$!) = nobody ]"\nulimit -Sp 0; exec "$BIN/setuidgid" nobody sh -c \'ulimit -p\'',
    deviation: { name: 'process-limit', expected: (theirs) => ({ ...theirs, end: 'exit 0', stdout: '0\n', stderr: theirs.stderr.replace('setuidgid: fatal: unable to run sh: temporary failure\n', '') }) },
  },
  ...childRows('setuidgid', ['nobody'], { user: 'root', thorough: true }),
  ...inheritRows('setuidgid', ['nobody']),
]

export const envuidgidRows: Row[] = [
  ...accountRows('envuidgid', "sh -c 'cat /proc/self/environ; id'"),
  ...childRows('envuidgid', ['games']),
  ...inheritRows('envuidgid', ['games']),
  ...['UID=1 GID=2', 'GID=2 A=b UID=1 C=d', 'UID= GID=', 'UIDX=1 GI=2', 'A=1 UID=2 B=3 GID=4 UID=5 C=6 GID=7 D=8', 'UID', 'PATH=/usr/bin HOME=/x UID=9'].map((variables): Row => ({
    command: 'envuidgid',
    name: `environment ${variables}`,
    script: `exec "$TOOLS/surround" clear ${variables.split(' ').map((one) => `env=${one}`).join(' ')} -- "$BIN/envuidgid" games /bin/cat /proc/self/environ`,
  })),
]
