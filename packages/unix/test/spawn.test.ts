/** With a shell in the place of `launch`. What services inherit through all of it is in test/inherit.test.ts. */
import * as fs from 'node:fs'
import t from 'tap'
import { waitForChild } from '../src/children.ts'
import { errnoOf } from '../src/errno.ts'
import { makePipe } from '../src/pipe.ts'
import { findProcess } from '../src/process.ts'
import { pathOf, reservePlaces, spawnLaunch, type SpawnPlan } from '../src/spawn.ts'

const shell = { program: fs.openSync('/bin/sh', 'r') }

/** What a script says on its standard output, as lines, and how it ended. */
function run(script: string | string[], plan: Partial<SpawnPlan> = {}): { lines: string[]; pid: number; end: object } {
  const { read, write } = makePipe()
  const args = typeof script === 'string' ? ['sh', '-c', script] : script
  const pid = spawnLaunch(shell, { keep: [], args, ...plan, moves: [[write, 1], ...(plan.moves ?? [])] })
  fs.closeSync(write)
  const lines = fs.readFileSync(read, 'latin1').split('\n').slice(0, -1)
  fs.closeSync(read)
  return { lines, pid, end: waitForChild(pid) }
}

t.test('pathOf: the open file, not its name', async (t) => {
  t.equal(fs.realpathSync(pathOf(shell)), fs.realpathSync('/bin/sh'))
})

t.test('spawnLaunch: the child, its arguments byte for byte, and an empty environment', async (t) => {
  const { lines, pid, end } = run(['sh', '-c', 'echo $$ $PPID; printf "%s|" "$@"; echo; tr "\\0" "\\n" </proc/$$/environ; exit 3', 'x', 'a b', '', '\xff\xe9', '"'])
  t.equal(lines[0], `${pid} ${process.pid}`)
  t.equal(lines[1], 'a b||\xff\xe9|"|')
  t.equal(lines.length, 2)
  t.strictSame(end, { code: 3 })
})

t.test('spawnLaunch: moves and keeps descriptors; all others are closed', async (t) => {
  const scratch = t.testdir({ a: 'a', b: 'b' })
  const [a, b] = [fs.openSync(`${scratch}/a`, 'r'), fs.openSync(`${scratch}/b`, 'r')]
  const list = 'for fd in /proc/$$/fd/*; do echo "${fd##*/}:$(readlink $fd)"; done'
  const open = (plan: Partial<SpawnPlan>): string[] => {
    // The shell that lists has the pipe of $( ) and such: only ours are looked at.
    return run(list, plan).lines.filter((line) => line.includes(scratch)).map((line) => line.replace(scratch, ''))
  }
  t.strictSame(open({}), [])
  t.strictSame(open({ keep: [a] }), [`${a}:/a`])
  t.strictSame(open({ moves: [[a, 40], [b, 41]] }).sort(), ['40:/a', '41:/b'])
  t.strictSame(open({ keep: [a, b] }).sort(), [`${a}:/a`, `${b}:/b`].sort())
  for (const fd of [a, b]) t.match(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'), /^flags:\t02/m, 'ours are closed on exec as before')
  for (const fd of [a, b]) fs.closeSync(fd)
})

t.test('spawnLaunch: with a thousand files open, the child has its few, in a table for few', async (t) => {
  const scratch = t.testdir({ a: 'a', b: 'b' })
  reservePlaces(shell)
  const many = Array.from({ length: 1000 }, () => fs.openSync(scratch, 'r'))
  const [a, b] = [fs.openSync(`${scratch}/a`, 'r'), fs.openSync(`${scratch}/b`, 'r')]
  const script = 'read -r x </proc/$$/fd/40; read -r y </proc/$$/fd/41; echo "$x $y"; while read -r name value; do [ $name != FDSize: ] || echo $value; done </proc/$$/status; for fd in /proc/$$/fd/*; do readlink $fd; done'
  // That these lines end shows that nobody has the pipe they come through any more: it was lent, too.
  const { lines, end } = run(script, { moves: [[a, 40], [b, 41]] })
  t.strictSame([lines[0], lines[1], end], ['a b', '64', { code: 0 }])
  t.strictSame(lines.filter((line) => line.startsWith(scratch)), [`${scratch}/a`, `${scratch}/b`])
  t.strictSame(run(script, { keep: [a], moves: [[a, 40], [b, 41]] }).lines[0], 'a b', 'one with a high number, under that')
  for (const fd of [...many, a, b]) fs.closeSync(fd)
})

t.test('spawnLaunch: more is moved than there are places kept for', async (t) => {
  const scratch = t.testdir({})
  const many = Array.from({ length: 100 }, () => fs.openSync(scratch, 'r'))
  const files = Array.from({ length: 20 }, (_, number) => {
    fs.writeFileSync(`${scratch}/${number}`, `${number}\n`)
    return fs.openSync(`${scratch}/${number}`, 'r')
  })
  const moves = files.map((fd, number): [number, number] => [fd, 300 + number])
  const script = moves.map(([, to]) => `cat /proc/$$/fd/${to}`).join(';')
  t.strictSame(run(script, { moves }).lines, files.map((_, number) => `${number}`))
  for (const fd of [...many, ...files]) fs.closeSync(fd)
})

t.test('spawnLaunch: every signal has its default action', async (t) => {
  // The runtime ignores SIGPIPE and has handlers; glibc would leave 32 and 33.
  const { lines } = run('cat /proc/self/status')
  const signals = Object.fromEntries(lines.map((line) => line.split(/:\s+/)).filter(([name]) => /^Sig(Blk|Ign|Cgt)$/.test(name!)))
  t.strictSame(signals, { SigBlk: '0'.repeat(16), SigIgn: '0'.repeat(16), SigCgt: '0'.repeat(16) })
})

t.test('spawnLaunch: a session of its own, if that is asked for', async (t) => {
  const ask = "cut -d' ' -f5,6 /proc/$$/stat"
  const session = run(ask, { session: {} })
  t.strictSame(session.lines, [`${session.pid} ${session.pid}`])
  const inherited = run(ask)
  t.equal(Number(inherited.lines[0]!.split(' ')[0]), findProcess(process.pid)!.group)
})

t.test('spawnLaunch: the system\'s refusal, and no child', async (t) => {
  const scratch = t.testdir({ text: 'no program' })
  const program = fs.openSync(`${scratch}/text`, 'r')
  const refusal = (launcher: { program: number }, keep: number[] = []): number => {
    try {
      return spawnLaunch(launcher, { args: ['x'], keep })
    } catch (error) {
      return -errnoOf(error)
    }
  }
  t.equal(refusal({ program }), -13, 'not executable')
  fs.chmodSync(`${scratch}/text`, 0o755)
  t.equal(refusal({ program }), -8, 'no program')
  fs.closeSync(program)
  t.equal(refusal(shell, [program]), -9, 'a descriptor that is not open')
  t.equal(fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1'), '')
})
