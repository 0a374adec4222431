/** envdir: every shape that a file can have. */
import { call, plainRow, type Row, shown, title } from '../row.ts'
import { directory, type Entry, fifo, file, link, type Tree } from '../stage.ts'
import { childRows } from './children.ts'
import { inheritRows } from './inherits.ts'

const show = ['/bin/cat', '/proc/self/environ']

function shape(name: string, tree: Tree, more: Partial<Row> = {}): Row {
  const setup: Tree = { e: directory(), ...Object.fromEntries(Object.entries(tree).map(([path, entry]) => [`e/${path}`, entry])) }
  return { command: 'envdir', name, script: `export V=before W=kept; ${call('envdir', 'e', ...show)}`, setup, ...more }
}

const contents = [
  '', '\n', '\n\n', ' ', '\t', ' \t \n', 'value', 'value\n', 'value\n\n', 'first\nsecond\n', 'value ', 'value \t\n', ' value', '\t value\n', 'in side\n', 'in\tside', 'cr\r\n', '\r', 'cr\r', '\0', '\0\n', 'a\0b', 'a\0b\0', 'a\0b\0\n', 'v\0 \t', 'v \0', '\0\0\0', ' \0 ', 'a\0 \nb\0', '=', 'a=b', '=a', '"quoted"', "'", '$HOME', '\\n', '#comment',
  '\xff\xfe', 'caf\xc3\xa9\n', '\x01\x02\x7f', '\v', 'value\v', 'value\f\n', '\xa0', 'value\xa0',
]
const sizes = [63, 64, 65, 127, 128, 129, 1023, 1024, 4096, 10_000, 100_000, 131_068, 131_069, 131_070, 131_072, 200_000]
const names = ['A=B', 'C=D', '=x', '=', 'A=', ' ', 'with space', '-x', 'a.b', 'a-b', '1', 'lower', 'n\xff', 'caf\xc3\xa9', 'new\nline', '~', '#', 'x'.repeat(255), 'PWD', 'OLDPWD', 'NODE_OPTIONS', 'LD_LIBRARY_PATH', 'BUN_BE_BUN', 'IFS', 'TZ', 'LC_ALL', 'HOME', '_']

/** Their order in the folder is the file system's, and the same in all twins. */
const many: Tree = Object.fromEntries(Array.from({ length: 60 }, (_, n): [string, Entry] => [`N${n}`, file(n % 7 === 0 ? '' : `${n}\n`)]))

export const envdirRows: Row[] = [
  ...[[], ['e'], [''], ['--'], ['-x', 'e'], ['missing']].map((args) => plainRow('envdir', args, { name: `usage: ${title('envdir', args)}`, setup: { e: directory() } })),
  ...contents.map((content) => shape(`content "${shown(content)}"`, { V: file(content) })),
  ...sizes.flatMap((size) => [shape(`${size} bytes`, { V: file('x'.repeat(size)) }), shape(`${size} bytes and blanks`, { V: file(`${'x'.repeat(size)}  \t\nmore`) })]),
  shape('two megabytes, one line of them short', { V: file(`short\n${'y'.repeat(2_000_000)}`) }),
  shape('blanks only, 5000', { V: file(' '.repeat(5000)) }),
  shape('binary', { V: file(Array.from({ length: 256 }, (_, n) => String.fromCharCode(n)).filter((byte) => byte !== '\n').join('')) }),
  ...names.flatMap((name) => [shape(`the name "${shown(name.slice(0, 30))}" with a value`, { [name]: file('value\n') }), shape(`the name "${shown(name.slice(0, 30))}", empty`, { [name]: file() })]),
  shape('an empty folder', {}),
  shape('names with a dot before', { '.hidden': file('1'), '..x': file('2'), '.directory': directory(), '.dangling': link('nowhere') }),
  shape('sixty files', many),
  shape('sixty files, half of them there already', many, { script: `exec "$TOOLS/surround" clear ${Array.from({ length: 30 }, (_, n) => `env=N${n * 2}=old`).join(' ')} env=Z=1 -- "$BIN/envdir" e ${show.join(' ')}` }),
  ...['env=A=1 env=V=2 env=B=3 env=C=4', 'env=V=1 env=V=2 env=A=3', 'env=A=3 env=V=1', 'env=VX=1 env=V', 'env=A=1', ''].flatMap((words) => ['new', ''].map((content) =>
    shape(`environment ${words === '' ? 'empty' : words.replaceAll('env=', '')}, ${content === '' ? 'unset' : 'set'}`, { V: file(content) }, { script: `exec "$TOOLS/surround" clear ${words} -- "$BIN/envdir" e ${show.join(' ')}` }))),
  shape('a sub-directory', { V: directory() }),
  shape('a sub-directory, as nobody', { V: directory() }, { user: 'nobody' }),
  shape('a file that may not be read', { V: file('x', 0o600) }, { user: 'nobody' }),
  shape('a FIFO', { V: fifo() }),
  shape('a FIFO that is written to', { V: fifo() }, { script: `exec 7<>e/V; echo text >&7; timeout 2 "$BIN/envdir" e /bin/cat /proc/self/environ` }),
  shape('a link to a file', { V: link('../value') }, { setup: { value: file('linked\n'), 'e/V': link('../value') } }),
  shape('a link to a directory', { V: link('/') }),
  shape('a link to /dev/null', { V: link('/dev/null') }),
  shape('a loop', { V: link('V') }),
  shape('a link through a file', { V: link('../value/x') }, { setup: { value: file(), 'e/V': link('../value/x') } }),
  shape('a dangling link alone', { V: link('nowhere') }, {
    script: `exec "$TOOLS/surround" clear env=V=before -- "$BIN/envdir" e ${show.join(' ')}`,
    deviation: { name: 'dangling-link', expected: (theirs) => ({ ...theirs, stdout: 'V=before\0' }) },
  }),
  shape('PATH changes what the child sees, not where it is found', { PATH: file('/nowhere\n') }, { script: call('envdir', 'e', 'env') }),
  shape('PATH is unset', { PATH: file() }, { script: call('envdir', 'e', 'cat', '/proc/self/environ') }),
  ...['missing', 'plain', '', 'loop', 'x'.repeat(300), 'plain/x', 'dangling', 'odd\xff', '/dev/null'].map((dir) => plainRow('envdir', [dir, 'true'], { setup: { plain: file(), loop: link('loop'), dangling: link('nowhere') } })),
  ...[0o700, 0o711, 0o744, 0o000, 0o755].map((mode) => shape(`a folder of mode ${mode.toString(8)}, as nobody`, { V: file('value\n') }, { user: 'nobody', setup: { 'e/V': file('value\n'), e: directory(mode) } })),
  shape('the child is where envdir was', { V: file('value\n') }, { script: call('envdir', 'e', 'pwd') }),
  shape('an absolute folder', { V: file('value\n') }, { script: 'exec "$BIN/envdir" "$PWD/e" sh -c \'echo $V; pwd\'' }),
  shape('the folder is .', { V: file('value\n') }, { script: 'cd e; exec "$BIN/envdir" . sh -c \'echo $V\'' }),
  shape('a working directory that may not be read', { V: file('value\n') }, { script: 'mkdir -m 711 blind; cd blind; exec /usr/bin/setuidgid nobody "$BIN/envdir" ../e sh -c \'echo $V\'' }),
  shape('a working directory that is gone', { V: file('value\n') }, { script: 'mkdir gone; cd gone; rmdir ../gone; exec "$BIN/envdir" "$OLDPWD/e" sh -c \'echo $V\'' }),
  shape('usage, stderr is closed', {}, { script: 'exec "$BIN/envdir" 2>&-' }),
  shape('twice', { V: file('value\n') }, { script: 'mkdir f; echo two >f/W; exec "$BIN/envdir" e "$BIN/envdir" f /bin/cat /proc/self/environ' }),
  ...childRows('envdir', ['e'], { setup: { 'e/V': file('value\n') } }),
  ...inheritRows('envdir', ['e'], { setup: { 'e/A': file('new\n'), 'e/E': file(), 'e/UID': file('x\n') } }),
]
