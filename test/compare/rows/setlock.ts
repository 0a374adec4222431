/** setlock: every flag, and everything that a lock can be. */
import { plainRow, quote, type Row } from '../row.ts'
import { directory, fifo, file, link, type Tree } from '../stage.ts'
import { childRows } from './children.ts'
import { inheritRows } from './inherits.ts'

const flags = ['', '-n', '-x', '-X', '-nx', '-xX', '-Xx', '-Nn', '-n -x', '-nNxXnx']

/** Whether, with these flags, it waits for a lock that is held, and would do so for ever. */
const waits = (words: string): boolean => [...words.replace(/--\w*/g, '')].reverse().find((letter) => /n/i.test(letter)) !== 'n'

const things: Readonly<Record<string, { lock: string; setup?: Tree; user?: 'nobody'; before?: string }>> = {
  'a file that is not there': { lock: 'lock' },
  'a file': { lock: 'lock', setup: { lock: file('content\n', 0o640) } },
  'a lock that is held': { lock: 'lock', setup: { lock: file() }, before: 'exec 7>>lock; flock 7' },
  'a missing directory': { lock: 'missing/lock' },
  'a file as directory': { lock: 'plain/lock', setup: { plain: file() } },
  'a directory': { lock: 'd', setup: { d: directory() } },
  'a FIFO': { lock: 'pipe', setup: { pipe: fifo() } },
  'no name': { lock: '' },
  'a file that may not be written': { lock: 'lock', setup: { lock: file('', 0o444) }, user: 'nobody' },
  'a directory that may not be written': { lock: 'lock', user: 'nobody' },
}

const oddities: Readonly<Record<string, { lock: string; setup?: Tree; before?: string }>> = {
  'a loop': { lock: 'loop', setup: { loop: link('loop') } },
  'a dangling link': { lock: 'link', setup: { link: link('target') } },
  'a link': { lock: 'link', setup: { target: file('x'), link: link('target') } },
  'a FIFO with a reader': { lock: 'pipe', setup: { pipe: fifo() }, before: 'exec 7<>pipe' },
  // of its own: who locks /dev/null is in everybody's way
  'a device': { lock: 'null', before: 'mknod null c 1 3 2>&1' },
  'a long name': { lock: 'x'.repeat(255) },
  'a name that is too long': { lock: 'x'.repeat(256) },
  'bytes': { lock: 'odd\xff \n' },
  '-': { lock: './-' },
  'another umask': { lock: 'lock', before: 'umask 0' },
  'umask 777': { lock: 'lock', before: 'umask 777' },
}

function row(name: string, words: string, { lock, before = '', ...rest }: { lock: string; setup?: Tree; user?: 'nobody'; before?: string }): Row {
  return { command: 'setlock', name: `${words === '' ? 'no flag' : words}, ${name}`, script: `${before}\nexec "$BIN/setlock" ${words} ${quote(lock)} sh -c 'echo ran; exit 7'`, ...rest }
}

const held = 'exec 7>>lock; flock 7\n'

export const setlockRows: Row[] = [
  ...Object.entries(things).flatMap(([name, thing]) => flags.filter((words) => name !== 'a lock that is held' || !waits(words)).map((words) => row(name, words, thing))),
  ...Object.entries(oddities).flatMap(([name, thing]) => ['', '-nx'].map((words) => row(name, words, thing))),
  ...[[], ['-n'], ['lock'], ['-n', 'lock'], ['-z', 'lock', 'true'], ['-nz', 'lock', 'true'], ['-x', '-'], ['-', 'true'], ['--'], ['--', 'lock'], ['--help'], ['--help', 'lock', 'true'], ['-h'], ['-?'], ['-:'], ['-n', '-', 'true'], ['lock', '-n', 'true'], ['lock', '-n'], ['', ''], ['-\xff', 'lock', 'true'], ['-d', '5', 'lock', 'true']].map((args) => plainRow('setlock', args)),
  ...['', '-n', '-x', '-nx', '-nX'].map((words): Row => ({ command: 'setlock', name: `${words}, the program cannot be run`, script: `exec "$BIN/setlock" ${words} lock missing` })),
  ...['-n', '-nx', '-nX'].map((words): Row => ({ command: 'setlock', name: `${words}, held by our own kind`, script: `"$BIN/setlock" lock "$BIN/setlock" ${words} lock echo ran; echo "status $?"` })),
  { command: 'setlock', name: 'it waits until the lock is free', script: `${held}"$BIN/setlock" lock sh -c 'cat order; echo ran' 7>&- &\nsleep 0.3; echo released >order; exec 7>&-; wait $!` },
  { command: 'setlock', name: 'a grandchild keeps the lock', script: `mkfifo end\n"$BIN/setlock" lock sh -c 'read -r line <end & exit 5'; echo "status $?"\nflock -n lock echo free || echo held\necho >end\nreach flock -n lock true; echo free` },
  { command: 'setlock', name: 'the lock is free when the child has ended', script: `"$BIN/setlock" lock true; flock -n lock echo free` },
  { command: 'setlock', name: 'the lock is held by the child', script: `exec "$BIN/setlock" lock sh -c 'flock -n lock echo free || echo held'` },
  { command: 'setlock', name: 'a child that closes it', script: `exec "$BIN/setlock" lock sh -c 'exec 3>&-; flock -n lock echo free || echo held'` },
  { command: 'setlock', name: 'a shared lock is in the way too', script: `exec 7>>lock; flock -s 7\nexec "$BIN/setlock" -n lock echo ran` },
  { command: 'setlock', name: 'what the child writes into it is appended', setup: { lock: file('before\n') }, script: `exec "$BIN/setlock" lock sh -c 'echo after >&3'` },
  { command: 'setlock', name: 'no descriptors left', script: 'ulimit -n 3; exec "$BIN/setlock" lock true' },
  { command: 'setlock', name: 'stdin is closed: the lock is there', script: `exec "$BIN/setlock" lock sh -c 'ls -l /proc/$$/fd | sed "s/.* \\([0-9]* ->\\)/\\1/" | grep lock' <&-` },
  { command: 'setlock', name: 'the daemontools way: setlock, setuidgid', script: `exec "$BIN/setlock" -n lock "$BIN/setuidgid" nobody sh -c 'id -u; flock -n lock echo free || echo held'`, setup: { lock: file('', 0o666) } },
  { command: 'setlock', name: 'usage, stderr is closed', script: 'exec "$BIN/setlock" 2>&-' },
  {
    command: 'setlock',
    name: 'stderr is closed and the lock is held: the lock becomes descriptor 2',
    script: `${held}exec "$BIN/setlock" -n lock true 2>&-`,
    deviation: { name: 'stderr-closed-lock', expected: (theirs) => ({ ...theirs, files: theirs.files.map((line) => line.replace(/^(lock .*) \d+ bytes: .*/, '$1 0 bytes: ')) }) },
  },
  ...childRows('setlock', ['lock']),
  ...inheritRows('setlock', ['-n', 'lock']),
]
