/** supervise and svscan: what they refuse, what they leave on disk, and a service down and up. Under load and over time: the tests beside. */
import { jobs, pids, statusLabels } from '../masks.ts'
import { call, plainRow, type Row, shown } from '../row.ts'
import { directory, fifo, file, link, program, type Tree } from '../stage.ts'

const forever = program('#!/bin/sh\nexec sleep 100000\n')
const down: Tree = { 'sv/down': file(), 'sv/run': forever }

/** Both ends of what C needs a second for. The clients are C's: one program at a time. */
const start = '"$BIN/supervise" sv 2>said &\nsupervise=$!\nreach /usr/bin/svok sv\n'
const leave = '\nwait $supervise; echo "status $?"\nsort -u said; rm said'
const bytes = "od -An -tx1 -j12 sv/supervise/status\n"

function supervised(name: string, setup: Tree, script: string, more: Partial<Row> = {}): Row {
  return { command: 'supervise', name, script: `${start}${script}${leave}`, setup, masks: [statusLabels, pids, jobs], ...more }
}

/** It may be said several times: once a second. */
const refusals: Readonly<Record<string, { setup?: Tree; args?: string[]; user?: 'nobody'; before?: string }>> = {
  'no such directory': {}, 'a file': { setup: { sv: file() } }, 'a loop': { setup: { sv: link('sv') } }, 'a dangling link': { setup: { sv: link('nowhere') } }, 'a directory that may not be entered': { setup: { sv: directory(0o700) }, user: 'nobody' },
  'a directory that may not be written': { setup: { 'sv/run': forever }, user: 'nobody' }, 'supervise a file': { setup: { 'sv/supervise': file() } }, 'supervise a loop': { setup: { 'sv/supervise': link('supervise') } }, 'supervise of another': { setup: { 'sv/supervise': directory(0o700), sv: directory(0o777) }, user: 'nobody' },
  'down a loop': { setup: { 'sv/down': link('down') } }, 'down through a file': { setup: { 'sv/x': file(), 'sv/down': link('x/y') } }, 'the lock is held': { setup: { ...down, 'sv/supervise/lock': file() }, before: 'exec 7>>sv/supervise/lock; flock 7' }, 'lock a directory': { setup: { ...down, 'sv/supervise/lock': directory() } }, 'lock a loop': { setup: { ...down, 'sv/supervise/lock': link('lock') } },
  'lock a FIFO': { setup: { ...down, 'sv/supervise/lock': fifo() } }, 'lock of another': { setup: { ...down, 'sv/supervise/lock': file('', 0o600), 'sv/supervise': directory(0o777) }, user: 'nobody' },
  'control a loop': { setup: { ...down, 'sv/supervise/control': link('control') } }, 'control of another': { setup: { ...down, 'sv/supervise/control': fifo(0o600), 'sv/supervise': directory(0o777) }, user: 'nobody' }, 'control may only be read': { setup: { ...down, 'sv/supervise/control': fifo(0o644), 'sv/supervise': directory(0o777) }, user: 'nobody' },
  'ok a loop': { setup: { ...down, 'sv/supervise/ok': link('ok') } }, 'ok of another': { setup: { ...down, 'sv/supervise/ok': fifo(0o600), 'sv/supervise': directory(0o777) }, user: 'nobody' },
  'no name': { args: [''] }, '-x': { args: ['-x'] }, '--help': { args: ['--help'] }, 'a long name': { args: ['x'.repeat(300)] }, 'a name that is no text': { args: ['odd\xff'] },
}

const unstartable: Readonly<Record<string, Tree>> = {
  'no run': {}, 'run may not be executed': { 'sv/run': file('#!/bin/sh\n') }, 'run a directory': { 'sv/run': directory() }, 'run a loop': { 'sv/run': link('run') }, 'run a dangling link': { 'sv/run': link('nowhere') }, 'run has a bad interpreter': { 'sv/run': program('#!/nowhere\n') },
}

/** Letters for a service that is down: what they leave in the status. The last bytes are written when there is something to write. */
const lettersDown = ['d', 'p', 'c', 'h', 'a', 'i', 't', 'k', 'q', '1', '2', 'z', '\\n', 'D', 'pc', 'dd', 'hait', 'dpcz', 'tkq12', '\\377']

export const superviseRows: Row[] = [
  ...[[], ['a', 'b'], ['', ''], ['sv', '-x']].map((args) => plainRow('supervise', args)),
  ...Object.entries(refusals).map(([name, { setup = {}, args = ['sv'], user, before = '' }]): Row => ({ command: 'supervise', name: `refused: ${name}`, script: `${before}\n${call('supervise', ...args)}`, setup, masks: [statusLabels], deadlineSeconds: 10, ...(user && { user }) })),
  supervised('down: what is on disk', down, `${bytes}/usr/bin/svstat sv | sed 's/[0-9]* seconds/S seconds/'; stat -c '%n %a %F' sv/supervise; cd sv/supervise; stat -c '%n %a %F %s' control lock ok status; cd ../..; /usr/bin/svc -x sv`),
  ...lettersDown.map((letters) => supervised(`down: ${letters}, then x`, down, `printf '${letters}' >sv/supervise/control; printf x >sv/supervise/control`)),
  supervised('down: xu, and u is too late', down, `printf xu >sv/supervise/control`),
  supervised('down: a second one', down, `"$BIN/supervise" sv; echo "second $?"; /usr/bin/svc -x sv`),
  supervised('down: a second one of theirs', down, `/usr/bin/supervise sv; echo "second $?"; /usr/bin/svc -x sv`),
  supervised('down a directory, and everything is there already', { ...down, 'sv/down': directory(), 'sv/supervise/control': fifo(0o622), 'sv/supervise/ok': fifo(0o666), 'sv/supervise/lock': file('kept'), 'sv/supervise/status': file('nonsense'), 'sv/supervise/status.new': file('x'.repeat(100)) }, '/usr/bin/svc -x sv'),
  supervised('another umask', down, '/usr/bin/svc -x sv', { script: `umask 077\n${start}/usr/bin/svc -x sv${leave}` }),
  supervised('umask 0', down, '/usr/bin/svc -x sv', { script: `umask 0\n${start}/usr/bin/svc -x sv${leave}` }),
  supervised('supervise a link to a directory', { ...down, elsewhere: directory(0o750), 'sv/supervise': link('../elsewhere') }, '/usr/bin/svc -x sv'),
  supervised('supervise a dangling link: its target is made', { ...down, 'sv/supervise': link('../elsewhere') }, '/usr/bin/svc -x sv'),
  supervised('status.new a directory', { ...down, 'sv/supervise/status.new': directory() }, '/usr/bin/svc -x sv'),
  supervised('status a directory', { ...down, 'sv/supervise/status': directory() }, '/usr/bin/svc -x sv'),
  supervised('ok a file', { ...down, 'sv/supervise/ok': file('kept') }, `reach test -s sv/supervise/status; reach /usr/bin/svc sv; sleep 0.3; /usr/bin/svc -x sv`),
  ...Object.entries(unstartable).map(([name, setup]) => supervised(`up: ${name}`, { sv: directory(), ...setup }, 'reach test -s said; /usr/bin/svc -dx sv')),
  supervised('up: run without #!', { 'sv/run': program('echo ran >>ran\nexec sleep 100000\n') }, 'reach test -s said -o -s sv/ran; /usr/bin/svc -dx sv', {
    deviation: { name: 'run-without-shebang', expected: (theirs) => ({ ...theirs, stdout: theirs.stdout.replace(/supervise: fatal: .*\n/, ''), files: theirs.files.flatMap((line) => (line.startsWith('sv/run ') ? ['sv/ran 0644 0:0 4 bytes: ran\\n', line] : [line])) }) },
  }),
  supervised('up: run is empty', { 'sv/run': program('') }, '/usr/bin/svc -dx sv', { deviation: { name: 'run-without-shebang', expected: (theirs) => ({ ...theirs, stdout: theirs.stdout.replace(/supervise: fatal: .*\n/, '') }) } }),
  ...['x', 'p', 'c', 'pc', 'o', 'u', 'z'].map((letters) => supervised(`up: ${letters}`, { 'sv/run': forever }, `reach sh -c "/usr/bin/svstat sv | grep -q '(pid'"; sleep 1.2; printf ${letters} >sv/supervise/control; sleep 0.3; /usr/bin/svstat sv | sed 's/[0-9]* seconds/S seconds/'; printf dx >sv/supervise/control`)),
  supervised('up: d, then u', { 'sv/run': forever }, `reach sh -c "/usr/bin/svstat sv | grep -q '(pid'"; printf du >sv/supervise/control; sleep 1.5; /usr/bin/svstat sv | sed 's/[0-9]* seconds/S seconds/'; printf dx >sv/supervise/control`),
  supervised('once, and out', { 'sv/down': file(), 'sv/run': program('#!/bin/sh\nread -r line <../in; echo "$line" >>ran\n') }, `mkfifo in; printf ox >sv/supervise/control; sleep 1.2; echo text >in`),
]

/** It runs for ever: it is killed when it has said what is expected of it, or had its time. */
function scan(name: string, setup: Tree, until: string, more: Partial<Row> = {}): Row {
  return { command: 'svscan', name, setup, masks: [jobs], script: `PATH="$BIN:$PATH" "$BIN/svscan" service 2>said &\nsvscan=$!\n${until}\nkill -9 $svscan; wait $svscan; sort -u said; rm said`, ...more }
}

export const svscanRows: Row[] = [
  ...['missing', '', 'plain', 'loop', 'dangling', '-x', '--help', 'x'.repeat(300), 'plain/x', 'odd\xff'].map((dir) => plainRow('svscan', [dir], { setup: { plain: file(), loop: link('loop'), dangling: link('nowhere') }, deadlineSeconds: 10 })),
  plainRow('svscan', ['closed'], { setup: { closed: directory(0o700) }, user: 'nobody', deadlineSeconds: 10 }),
  plainRow('svscan', ['missing', 'service'], { setup: { service: directory() }, deadlineSeconds: 10 }),
  scan('an empty folder', { service: directory() }, 'sleep 0.4; kill -0 $svscan && echo runs'),
  scan('what is not a service', { 'service/plain': file(), 'service/.hidden/run': forever, 'service/dangling': link('nowhere'), 'service/loop': link('loop') }, 'reach grep -q loop said; reach grep -q dangling said; sleep 0.2; kill -0 $svscan && echo runs'),
  scan('a folder that may not be read', { service: directory(0o711) }, 'reach test -s said; kill -0 $svscan && echo runs', { user: 'nobody', setup: { '.': directory(0o777), service: directory(0o711) } }),
]

/** @param show Prints its command line, whose arguments /proc ends with NULs. */
const readTitle = (dots: string, text: string, show: string): string => `mkfifo in; "$BIN/readproctitle" service errors: ${dots} <in &\ntitle=$!\nexec 7>in\nprintf '${text}' >&7\nreach grep -aq '${text.slice(-1)}' /proc/$title/cmdline\n${show}\nexec 7>&-; wait $title; echo "status $?"`
/** As ps(1) shows it, without the folder. */
const ps = `tr '\\0\\n' ' /' </proc/$title/cmdline | sed 's/^[^ ]*readproctitle/readproctitle/; s/ *$//'; echo`

export const readproctitleRows: Row[] = [
  ...[[], [''], ['1234'], ['12345'], ['.....'], ['a', '1234'], ['a', '12345'], ['a', ''], ['service', 'errors:', '.'.repeat(400)], ['--help'], ['-x', '....']].map((args) => plainRow('readproctitle', args, { input: '' })),
  { command: 'readproctitle', name: 'some input', script: call('readproctitle', 'a', '.'.repeat(50)), input: 'text\n'.repeat(1000) },
  { command: 'readproctitle', name: 'stdin is closed', script: 'exec "$BIN/readproctitle" a .......... <&-' },
  { command: 'readproctitle', name: 'stdin is a directory', script: 'exec "$BIN/readproctitle" a .......... </' },
  { command: 'readproctitle', name: 'stdin may only be written', script: 'exec "$BIN/readproctitle" a .......... 0>x' },
  { command: 'readproctitle', name: 'all others are closed', script: 'exec "$BIN/readproctitle" a .......... </dev/null >&- 2>&-' },
  ...[['.'.repeat(20), 'shortEND'], ['.'.repeat(400), 'a line\\nanother\\nEND'], ['x'.repeat(20), 'textEND'], ['.'.repeat(20), '1234567890123456789012345END'], ['.'.repeat(20), 'nul\\000nulEND'], ['.'.repeat(20), '\\377\\303\\251END'], ['12345', 'X'], ['.......', 'XY'], ['.'.repeat(400), `${'supervise: fatal: unable to start a/run: file does not exist\\n'.repeat(10)}END`], ['.'.repeat(3000), `${'x'.repeat(3500)}END`]].map(([dots, text]): Row => ({ command: 'readproctitle', name: `what ps shows: ${shown(text!.slice(0, 30))} (${text!.length} characters) in ${dots!.length}`, script: readTitle(dots!, text!, ps) })),
  {
    command: 'readproctitle',
    name: 'its arguments, NUL by NUL',
    script: readTitle('.'.repeat(20), 'shortEND', "sed 's/^[^ \\x00]*readproctitle/readproctitle/' /proc/$title/cmdline; echo"),
    deviation: { name: 'one-argument', expected: (theirs) => ({ ...theirs, stdout: theirs.stdout.replace('\0service\0errors:\0', ' service errors: ') }) },
  },
  ...['TERM', 'HUP', 'KILL', 'USR1'].map((signal): Row => ({ command: 'readproctitle', masks: [jobs], name: `${signal} ends it`, script: `mkfifo in; "$BIN/readproctitle" a .......... <in & exec 7>in; printf END >&7; reach grep -aq END /proc/$!/cmdline; kill -${signal} $!; wait $!; echo "status $?"` })),
]
