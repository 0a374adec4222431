/**
 * svc's command line: what it writes into supervise/control, what it says and how it exits, theirs and ours. Its effects are in supervise.test.ts.
 *
 * Not tested: that the letters are one write(2).
 */
import t from 'tap'
import { play, same } from './support/golden.ts'
import { ours, unlessAble } from './support/implementation.ts'
import { run } from './support/process.ts'
import { scratch } from './support/tree.ts'

/** `sv` and `two words` are listened to, and what arrives is printed; `idle` is not; `none` has no supervise/, `plain` is a file. */
const stage = `
for dir in sv "two words" -; do mkdir -p "./$dir/supervise"; mkfifo "./$dir/supervise/control"; done
mkdir -p idle/supervise none file/supervise loop/supervise directory/supervise/control closed/supervise
mkfifo idle/supervise/control closed/supervise/control
: >plain; echo text >file/supervise/control; ln -s control loop/supervise/control; chmod 700 closed; chmod 755 .
exec 7<>sv/supervise/control 8<>"two words/supervise/control" 9<>./-/supervise/control
svc() { "$BIN/svc" "$@"; }
`
const tell = `
code=$?
echo . >&7; read -r arrived <&7; echo "sv: $arrived"
echo . >&8; read -r arrived <&8; echo "two words: $arrived"
echo . >&9; read -r arrived <&9; echo "-: $arrived"
cat file/supervise/control
exit $code
`

const commandLines = [
  'svc', 'svc sv', 'svc -u', 'svc -u sv', 'svc -d sv', 'svc -udopchaitkx sv', 'svc -uud sv', 'svc -dududu sv', 'svc -u -d -o -p -c -h -a -i -t -k -x sv',
  'svc -xd sv', 'svc -dx sv "two words"', 'svc -t sv sv', 'svc -u sv -d', 'svc -- sv', 'svc -u -- sv', 'svc -u -- -d sv', 'svc --help', 'svc --help sv', 'svc -u --help sv',
  'svc --', 'svc -', 'svc - -u sv', 'svc -u -', 'svc -u - sv', 'svc -d --sv', 'svc -z sv', 'svc -uz sv', 'svc -h', 'svc -?', 'svc -: sv', 'svc -U sv', 'svc -u:d sv', 'svc -0 sv', 'svc "" sv', 'svc -u ""',
  'svc -u "-" sv', 'svc -u missing', 'svc -u missing sv idle none plain file loop directory', 'svc idle', 'svc -t idle sv', 'svc -u sv/', 'svc -u ./sv', 'svc -u "$PWD/sv"', 'svc -u sv/supervise', 'svc -u sv/..',
  'svc -u plain/sv', `svc -u ${'x'.repeat(300)}`, `svc -u ${Array.from({ length: 300 }, () => 'sv').join(' ')}`, `svc -${'u'.repeat(300)}d sv`, 'svc -u "$(printf "\\377")"', 'svc "-$(printf "\\377")" sv',
  'svc "-u d" sv', 'svc -u$(printf "\\303\\251") sv', 'cd idle; svc -u . ../sv; cd ..; (exit 0)', 'exec 2>&-; svc -z', 'exec 2>&-; svc -u missing sv', 'svc -u sv >&-', 'svc -u sv <&-',
  'mkdir gone; cd gone; rmdir ../gone; svc -u ../sv "$OLDPWD/sv"; status=$?; cd "$OLDPWD"; (exit $status)',
  '"$BIN/setuidgid" nobody "$BIN/svc" -u closed sv idle',
]

t.jobs = 4

/** The usage that both print: theirs does not know the letters of sigq12. */
const sigq12 = ', q quit, 1 usr1, 2 usr2'

for (const line of commandLines) {
  t.test(`svc, the same command line: ${line.length > 60 ? `${line.slice(0, 60)}…` : line}`, unlessAble({ theirs: ['svc', 'setuidgid'], ours: ['svc'], root: line.includes('setuidgid') }), async (t) => {
    const outcome = await play(t, { script: `${stage}\n${line}\n${tell}` })
    t.same({ ...outcome.ours, stderr: outcome.ours.stderr.replaceAll(sigq12, '') }, outcome.theirs, JSON.stringify(outcome.theirs.stderr))
  })
}

t.test('svc writes nothing else than its letters, in the order of their first appearance', unlessAble({ theirs: ['svc'], ours: ['svc'] }), async (t) => {
  const { stdout } = await same(t, 'like theirs', { script: `${stage}\nsvc -xuxdu -pc sv "two words"\n${tell}` })
  t.equal(stdout, 'sv: xudpc.\ntwo words: xudpc.\n-: .\ntext\n')
})

t.test('svc -q -1 -2: the letters of sigq12', unlessAble({ ours: ['svc'] }), async (t) => {
  const { stdout, stderr, code } = await run(t, '/bin/sh', ['-c', `BIN=$1\n${stage}\nsvc -q12q1x sv; svc -2 -1 -q "two words"\n${tell}`, 'sh', ours.folder], { cwd: scratch(t) })
  t.same({ stdout, stderr, code }, { stdout: 'sv: q12x.\ntwo words: 21q.\n-: .\ntext\n', stderr: '', code: 0 })
})

t.test("svc's usage", unlessAble({ ours: ['svc'] }), async (t) => {
  const { stdout, stderr, code } = await run(t, `${ours.folder}/svc`, ['-z'])
  const usage = 'svc options: u up, d down, o once, x exit, p pause, c continue, h hup, a alarm, i interrupt, t term, k kill, q quit, 1 usr1, 2 usr2'
  t.same({ stdout, stderr, code }, { stdout: '', stderr: `svc: illegal option -- z\n${usage}\n`, code: 100 })
})
