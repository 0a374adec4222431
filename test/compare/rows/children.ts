/** What a command that ends in an exec makes of every kind of program, and of every kind of PATH. */
import { quote, type Row, shown } from '../row.ts'
import { directory, file, link, program, type Tree } from '../stage.ts'

const says = program('#!/bin/sh\necho "$0 with $#: $*"; exit 3\n')

/** Programs that tell where they were found, and what cannot be executed for every reason there is. `nobody` may write here. */
export const programs: Tree = {
  '.': directory(0o777),
  here: says, 'a/prog': says, 'b/prog': says, 'b/other': says, 'closed/prog': says, 'closed/only': says,
  'a/other': file('#!/bin/sh\n'), notexec: file('#!/bin/sh\n'), 'directory/prog': directory(),
  bare: program('echo a shell runs this\n'), empty: program(''), badinterpreter: program('#!/nowhere/sh\n'), crlf: program('#!/bin/sh\r\n'), notelf: program('\x7fELF and no more'),
  'c/prog': program('echo a shell runs this\n'), loop: link('loop'), dangling: link('nowhere'), tolink: link('here'),
  closed: directory(0o700),
}

const children = [
  ['./here'], ['./here', 'a', 'b c', ''], ['./here', '--', '-x'], ['here'], ['missing'], ['./missing'], [''], ['/'], ['.'], ['./notexec'], ['./directory'], ['./bare'], ['./empty'], ['./badinterpreter'], ['./crlf'], ['./notelf'],
  ['./loop'], ['./dangling'], ['./tolink'], ['./here/x'], ['a/missing/x'], ['./closed/prog'], ['x'.repeat(300)], [`./${'x'.repeat(300)}`], ['x'.repeat(5000)], ['./no\xff\xe9'], ['./\xc3\xa9 \n'],
  ['sh', '-c', 'exit 42'], ['sh', '-c', 'exit 255'], ['sh', '-c', 'kill -TERM $$'], ['sh', '-c', 'kill -9 $$'], ['sh', '-c', 'kill -PIPE $$'], ['sh', '-c', 'kill -SEGV $$'], ['sh', '-c', 'echo $0', 'zero'],
  ['cat'], ['sh', '-c', 'echo out; echo err >&2; read -r line; echo "$line"'],
]

const paths = ['', ':', 'a', 'a:b', 'b:a', ':a', 'a:', 'a::b', 'missing:b', 'closed:b', 'b:closed', 'closed', 'closed:missing', 'missing:closed', 'directory:b', 'directory', 'here:b', 'b:here', 'c:b', 'b:c', 'loop:b', 'dangling:b', 'a/:b', './a', '/usr/bin:/bin', `${'x'.repeat(300)}:b`]
const somePaths = ['', 'a:b', ':a', 'missing:b', 'closed:b', 'closed:missing', 'directory', 'here:b', 'c:b', 'loop:b']

/**
 * @param before The words between the command and the child.
 * @param user Root is kept out of nothing.
 * @param thorough Every PATH, not only one of each kind.
 */
export function childRows(command: string, before: readonly string[], { user = 'nobody', setup = {}, thorough = false }: { user?: 'nobody' | 'root'; setup?: Tree; thorough?: boolean } = {}): Row[] {
  const common = { command, ...(user === 'nobody' && { user }), setup: { ...programs, ...setup } }
  const start = ['"$BIN/' + command + '"', ...before.map(quote)].join(' ')
  const row = (name: string, script: string): Row => ({ ...common, name, script })
  return [
    ...children.map((child): Row => ({ ...row(`child ${clipped(child.map(quote).join(' '))}`, `exec ${start} ${child.map(quote).join(' ')}`), input: 'a line\nand another\n' })),
    ...(thorough ? paths : somePaths).flatMap((path) => (thorough ? ['prog', 'other'] : ['prog']).map((name) => row(`PATH=${clipped(path)} ${name}`, `PATH=${path} exec ${start} ${name} 1`))),
    ...['only', 'here'].map((name) => row(`PATH=closed:. ${name}`, `PATH=closed:. exec ${start} ${name}`)),
    row('no PATH', `exec /usr/bin/env -u PATH ${start} sh -c 'echo $0'`),
    row('no PATH, and a program that is only here', `exec /usr/bin/env -u PATH ${start} here`),
    row('no environment', `exec /usr/bin/env -i ${start} cat /proc/self/environ`),
    row('two PATHs', `exec /usr/bin/env -i "$TOOLS/surround" clear env=PATH=b env=PATH=a -- ${start} prog`),
    row('stderr is closed, and there is something to say', `exec ${start} missing 2>&-`),
    row('all closed', `exec ${start} true <&- >&- 2>&-`),
    row('a working directory that is gone', `mkdir gone; cd gone; rmdir ../gone; exec ${start} sh -c 'echo still'`),
    row('files that steer a runtime', `mkdir at; cd at; echo LEAK=1 >.env; echo 'preload = ["./no.ts"]' >bunfig.toml; echo '{"type":"module"}' >package.json; exec ${start} sh -c 'echo "$LEAK."'`),
    row('an environment that steers the runtime', `export NODE_OPTIONS=--bad NODE_PATH=/nowhere BUN_BE_BUN=1 UV_THREADPOOL_SIZE=x; exec ${start} sh -c 'echo "$NODE_OPTIONS $NODE_PATH $BUN_BE_BUN $UV_THREADPOOL_SIZE"'`),
  ]
}

function clipped(text: string): string {
  return shown(text.length > 60 ? `${text.slice(0, 20)}… (${text.length} characters)` : text)
}
