/** pgrphack and fghack: sessions, descriptors that keep somebody waiting, and how they end. */
import { jobs } from '../masks.ts'
import { plainRow, type Row } from '../row.ts'
import { childRows } from './children.ts'
import { inheritRows } from './inherits.ts'

const endings = [...[0, 1, 2, 7, 99, 100, 101, 111, 126, 127, 128, 137, 255].map((code) => `exit ${code}`), ...['HUP', 'INT', 'QUIT', 'KILL', 'SEGV', 'PIPE', 'ALRM', 'TERM', 'USR1', 'USR2', 'ABRT', 'XFSZ', 'XCPU'].map((signal) => `kill -${signal} $$`)]

function endingRows(command: string): Row[] {
  return [
    ...[[], [''], ['--'], ['--help'], ['-x'], ['missing'], ['-x', 'true'], ['./missing', 'x']].map((args) => plainRow(command, args)),
    ...endings.map((ending): Row => ({ command, name: `the child: ${ending}`, script: `exec "$BIN/${command}" sh -c '${ending}'` })),
    { command, name: 'usage, stderr is closed', script: `exec "$BIN/${command}" 2>&-` },
    { command, name: 'stdin and stdout go through', script: `echo text | "$BIN/${command}" cat | cat` },
    { command, name: 'twice', script: `exec "$BIN/${command}" "$BIN/${command}" sh -c 'echo ran; exit 9'` },
    { command, name: 'as nobody', user: 'nobody', script: `exec "$BIN/${command}" id` },
    { command, name: 'few descriptors', script: `ulimit -n 100; exec "$BIN/${command}" sh -c 'echo ran'` },
    { command, name: 'a soft limit of few descriptors', script: `ulimit -Sn 12; exec "$BIN/${command}" sh -c 'echo ran; ulimit -n'` },
    { command, name: 'no descriptor left', script: `ulimit -n 3; exec "$BIN/${command}" sh -c 'echo ran'` },
    ...childRows(command, []),
    ...inheritRows(command, []),
  ]
}

const ids = `sh -c 'set -- $(sed "s/.*) //" /proc/$$/stat); [ $3 = $$ ] && echo leads a group; [ $4 = $$ ] && echo leads a session'`

export const pgrphackRows: Row[] = [
  ...endingRows('pgrphack'),
  { command: 'pgrphack', name: 'a session of its own', script: `"$BIN/pgrphack" ${ids}; echo "status $?"` },
  { command: 'pgrphack', name: 'already the leader of a group: no new one', script: `exec "$BIN/pgrphack" ${ids}` },
  { command: 'pgrphack', name: 'already the leader of a session', script: `exec setsid -w "$BIN/pgrphack" ${ids}` },
  { command: 'pgrphack', name: 'the same process', script: `sh -c 'echo $$ >pid; exec "$1/pgrphack" sh -c '\\''read -r pid <pid; rm pid; [ $pid = $$ ] && echo the same'\\' sh "$BIN"` },
]

/** The parent has ended when `parent` is there. */
const leaves = (rest: string): string => `mkfifo end; "$BIN/fghack" sh -c '${rest}' &\nfghack=$!\nreach test -e parent; sleep 0.1\nkill -0 $fghack && echo fghack waits\necho >end\nwait $fghack; echo "status $?"`

export const fghackRows: Row[] = [
  ...endingRows('fghack'),
  { command: 'fghack', name: 'a background child, and the parent exits 7', script: leaves('read -r line <end & >parent; exit 7') },
  { command: 'fghack', name: 'a background child, and the parent exits 0', script: leaves('{ read -r line <end; echo late; } & >parent') },
  { command: 'fghack', name: 'a background child, and the parent is killed', script: leaves('read -r line <end & >parent; kill -9 $$') },
  { command: 'fghack', name: 'a background child in a session of its own', script: leaves('setsid sh -c "read -r line <end" & >parent; exit 3') },
  { command: 'fghack', name: 'a background child that closes a few', script: leaves('read -r line <end 3>&- 4>&- 5>&- 6>&- & >parent; exit 7') },
  { command: 'fghack', name: 'what is written into the pipe is thrown away', script: `exec "$BIN/fghack" sh -c 'echo lost >&5; echo kept; exit 4'` },
  { command: 'fghack', name: 'a parent that outlives the pipe', script: `exec "$BIN/fghack" sh -c 'for fd in $(ls /proc/$$/fd); do [ $fd -le 2 ] || [ $fd -ge 10 ] || eval "exec $fd>&-"; done; sleep 0.2; echo slow; exit 6'` },
  { command: 'fghack', name: 'CHLD is ignored', script: `trap '' CHLD; exec "$TOOLS/surround" ignore=17 -- "$BIN/fghack" /bin/sh -c 'exit 5'` },
  {
    command: 'fghack',
    name: 'a limit on processes',
    user: 'nobody',
    script: 'ulimit -Sp 0; exec "$BIN/fghack" sh -c \'ulimit -p\'',
    deviation: { name: 'process-limit', expected: (theirs) => ({ ...theirs, end: 'exit 0', stdout: '0\n', stderr: theirs.stderr.replace('fghack: fatal: unable to fork: temporary failure\n', '') }) },
  },
  { command: 'fghack', masks: [jobs], name: 'TERM for fghack does not reach the child', script: `mkfifo end; "$BIN/fghack" sh -c 'echo >started; read -r line <end; echo late >done' &\nfghack=$!\nreach test -e started; kill $fghack; wait $fghack; echo "status $?"; echo >end; reach test -e done` },
]
